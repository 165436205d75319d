using System.CommandLine;
using System.Globalization;
using StyleClip.Cli.Remote;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip key</c>: makes and revokes API keys. It works on the store itself: who may write there needs no key.</summary>
internal static class KeyCommand
{
    private const string DateFormat = "yyyy-MM-dd HH:mm'Z'";

    public static Command Create() => new("key", "Make and revoke the API keys of a gateway.") { Make(), List(), Revoke() };

    private static Command Make()
    {
        var role = new Option<ApiRole>("--role") { Description = "read: look and pull; submit: also run sweeps; admin: also steer nodes.", Required = true };
        var name = new Option<string>("--name") { Description = "Whose key it is.", DefaultValueFactory = _ => Environment.UserName };
        var days = new Option<int?>("--expires-in-days") { Description = "Days until it is no longer valid; without it, it stays valid." };
        Option<string> store = CommonOptions.Store();
        CommonOptions.RequireRange(days, 1, 36_500);
        var command = new Command("create", "Make a key. Its text is shown now and never again.") { role, name, days, store };
        command.SetAction((parsed, cancellationToken) => OnBook(parsed.GetRequiredValue(store), async book =>
        {
            TimeSpan? lifetime = parsed.GetValue(days) is { } count ? TimeSpan.FromDays(count) : null;
            (ApiKey key, string text) = await book.Create(parsed.GetRequiredValue(name), parsed.GetValue(role), lifetime, cancellationToken);
            await Console.Error.WriteLineAsync($"Key {key.Prefix} for {key.Name}, role {RoleName(key.Role)}. Keep it: it is not shown again.");
            Console.WriteLine(text);
        }));
        return command;
    }

    private static Command List()
    {
        Option<string> store = CommonOptions.Store();
        var command = new Command("list", "List the keys, without their secrets.") { store };
        command.SetAction((parsed, cancellationToken) => OnBook(parsed.GetRequiredValue(store), async book =>
        {
            var listing = new Listing("key", "name", "role", "created", "state");
            foreach (ApiKey key in await book.List(cancellationToken))
                listing.Add(key.Prefix, key.Name, RoleName(key.Role), Date(key.Created), State(key, TimeProvider.System.GetUtcNow()));
            listing.Write();
        }));
        return command;
    }

    private static Command Revoke()
    {
        var prefix = new Argument<string>("key") { Description = "The key as lists show it: sck_ and eight digits." };
        Option<string> store = CommonOptions.Store();
        var command = new Command("revoke", "Let a key no longer be valid. Gateways learn of it within seconds.") { prefix, store };
        command.SetAction((parsed, cancellationToken) => OnBook(parsed.GetRequiredValue(store), async book =>
        {
            string key = parsed.GetRequiredValue(prefix);
            if (!await book.Revoke(key, cancellationToken)) throw new ArgumentException($"There is no key {key}.");
            Console.WriteLine($"Key {key} is revoked.");
        }));
        return command;
    }

    private static string State(ApiKey key, DateTimeOffset now) => key switch
    {
        { Revoked: { } at } => $"revoked {Date(at)}",
        { Expires: { } at } => at <= now ? $"expired {Date(at)}" : $"valid until {Date(at)}",
        _ => "valid",
    };

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    private static string RoleName(ApiRole role) => role.ToString().ToLowerInvariant();

    private static Task<int> OnBook(string location, Func<ApiKeyBook, Task> act) => InputErrors.Report(async () =>
    {
        using IArtifactStore store = ArtifactStores.Open(location);
        await act(new ApiKeyBook(store, TimeProvider.System));
    });
}
