using System.CommandLine;
using System.Globalization;
using PromptCache.Core.Pricing;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Commands;

/// <summary><c>prices</c>: lists, explains, validates and refreshes prices.</summary>
internal static class PricesCommand
{
    private static readonly TimeSpan DownloadTimeout = TimeSpan.FromSeconds(60);

    public static Command Create() => new("prices", "List, explain, validate and refresh prices.") { List(), Show(), Validate(), Refresh() };

    private static Command List()
    {
        var filter = new Argument<string?>("FILTER") { Description = "Part of a name, or a pattern with *.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List entries: provider/model, USD per million tokens in / read / write / write 1h / out.") { filter, ServeCommand.Config };
        command.SetAction(result =>
        {
            foreach (var entry in PriceCommands.List(Book(result), result.GetValue(filter)))
            {
                var rates = entry.Base;
                Console.Out.WriteLine($"{entry.Provider}/{entry.Model}  {Text(rates.Input)} / {Text(rates.CacheRead)} / {Text(rates.CacheWrite)} / {Text(rates.CacheWrite1h)} / {Text(rates.Output)}");
            }

            return 0;
        });
        return command;

        static string Text(decimal? price) => price?.ToString("0.############", CultureInfo.InvariantCulture) ?? "-";
    }

    private static Command Show()
    {
        var model = new Argument<string>("MODEL") { Description = "As a client would call it." };
        var provider = new Option<string?>("--provider") { Description = "The provider that serves it." };
        var command = new Command("show", "Say what a model costs, which entry that is from, and why.") { model, provider, ServeCommand.Config };
        command.SetAction(result =>
        {
            var found = PriceCommands.TryShow(Book(result), result.GetValue(model)!, result.GetValue(provider), out var lines);
            foreach (var line in lines)
            {
                (found ? Console.Out : Console.Error).WriteLine(line);
            }

            return found ? 0 : 1;
        });
        return command;
    }

    private static Command Validate()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A price file, in the gateway's or in LiteLLM's format." };
        var command = new Command("validate", "Report everything that is wrong with a price file.") { file };
        command.SetAction(result =>
        {
            var path = result.GetValue(file)!;
            if (!path.Exists)
            {
                Console.Error.WriteLine($"There is no file {path}.");
                return 2;
            }

            using var stream = path.OpenRead();
            var load = PriceCommands.Validate(stream, Today());
            Report(load.Problems);
            Console.Out.WriteLine(load.IsValid ? $"valid: {load.Book.Entries.Count} entries" : "not valid");
            return load.IsValid ? 0 : 1;
        });
        return command;
    }

    private static Command Refresh()
    {
        var source = new Argument<string>("SOURCE") { Description = "A file or an http(s) address, in the gateway's or in LiteLLM's format." };
        var output = new Option<string>("--output") { Description = "The price file to replace; name it as PriceFile in the configuration.", DefaultValueFactory = _ => "prices.jsonl" };
        var force = new Option<bool>("--force") { Description = "Take prices that moved tenfold." };
        var command = new Command("refresh", "Replace the price file by a newer list, after checking it.") { source, output, force, ServeCommand.Config };
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                await using var incoming = await OpenAsync(result.GetValue(source)!, cancellationToken);
                var refresh = PriceCommands.Refresh(incoming, result.GetValue(output)!, Book(result), Today(), result.GetValue(force));
                Report(refresh.Problems);
                await Console.Out.WriteLineAsync(refresh.Book is null
                    ? "refused; nothing was written"
                    : $"{result.GetValue(output)}: {refresh.Added} added, {refresh.Changed} changed, {refresh.Removed} gone");
                return refresh.Book is null ? 1 : 0;
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or UnauthorizedAccessException or OperationCanceledException or ArgumentException or FormatException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 2;
            }
        });
        return command;
    }

    private static async Task<Stream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return source.Contains("://", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(source) ? throw new IOException($"'{source}' is neither a file nor an http or https address.")
                : Directory.Exists(source) ? throw new IOException($"{source} is a directory.")
                : File.OpenRead(source);
        }

        using var client = new HttpClient { Timeout = DownloadTimeout, MaxResponseContentBufferSize = 32 << 20 };
        return new MemoryStream(await client.GetByteArrayAsync(address, cancellationToken));
    }

    /// <summary>The book as a gateway with this configuration would use it; the shipped one where the configuration is not valid.</summary>
    private static PriceBook Book(ParseResult result) => ConfigurationFile.Locate(result.GetValue(ServeCommand.Config)).Read().Model?.Prices ?? PriceBook.Shipped;

    private static DateOnly Today() => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static void Report(IReadOnlyList<PriceProblem> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }
    }
}
