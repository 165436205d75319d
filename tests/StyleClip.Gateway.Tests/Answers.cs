using System.Net;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Problems;

namespace StyleClip.Gateway.Tests;

/// <summary>Reads what the gateway answered.</summary>
internal static class Answers
{
    public static async Task<T> Read<T>(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        return ContractJson.FromBytes<T>(body, response.RequestMessage!.RequestUri!.ToString());
    }

    public static async Task<Problem> ReadProblem(this HttpResponseMessage response, HttpStatusCode expected, string type)
    {
        Problem problem = await response.Read<Problem>(expected);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((type, (int)expected), (problem.Type, problem.Status));
        Assert.False(string.IsNullOrEmpty(problem.TraceId));
        Assert.False(string.IsNullOrEmpty(problem.Detail));
        return problem;
    }
}
