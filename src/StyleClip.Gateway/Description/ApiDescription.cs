using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Security;
using StyleClip.Gateway.Sweeps;

namespace StyleClip.Gateway.Description;

/// <summary>The API's own description, <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const string SecurityName = "apiKey";

    private const string ExampleSpec = """
        name: my-edits
        pack: demo
        recipe: default
        prompts:
        - a face with red hair
        - text: a smiling face
          overrides: { steps: 200 }
        seed: 1
        """;

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "StyleClip.Training",
                Version = "v1",
                Description = "Train StyleCLIP mappers: submit sweeps of prompts, follow them, pull verified mappers. Errors are problem details (RFC 9457); their types are listed in docs/api.md.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.AddComponent(SecurityName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key of `styleclip key create`.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(Complete);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    });

    private static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededRole>().FirstOrDefault() is { } needed)
            operation.Description = $"{operation.Description} Role: {needed.Role.ToString().ToLowerInvariant()}.".TrimStart();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityName, context.Document)] = [] }];
        if (operation.RequestBody?.Content is { } body && body.TryGetValue(SpecBody.Yaml, out OpenApiMediaType? spec)) spec.Example = JsonValue.Create(ExampleSpec);
        return Task.CompletedTask;
    }

    // Types whose JSON form a converter decides.
    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(Digest)) Text(schema, "^sha256:[0-9a-f]{64}$");
        if (type == typeof(JobId)) Text(schema, "^[0-9a-f]{16}$");
        if (type == typeof(SweepId) || type == typeof(SweepId?)) Text(schema, "^[a-z0-9-]+$");
    }

    private static void Text(OpenApiSchema schema, string pattern)
    {
        schema.Type = JsonSchemaType.String;
        schema.Pattern = pattern;
        schema.Properties = null;
    }
}
