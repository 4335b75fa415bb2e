using System.CommandLine;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Commands;

/// <summary><c>tokenize</c>: counts the tokens of a file, for people who debug prompts.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "Count as this model does." };
        var encoding = new Option<string?>("--encoding") { Description = "Count with this encoding (o200k_base, cl100k_base)." };
        var ids = new Option<bool>("--ids") { Description = "Print the token ids instead of their number." };
        var file = new Argument<string>("FILE") { Description = "The text, UTF-8; - for standard input." };
        var command = new Command("tokenize", "Count the tokens of a text.") { model, encoding, ids, file };
        command.SetAction(async (result, cancellationToken) =>
        {
            var catalog = new TokenizerCatalog();
            ITokenizer? tokenizer;
            if (result.GetValue(encoding) is { } name)
            {
                if (!catalog.TryGetEncoding(name, out tokenizer))
                {
                    await Console.Error.WriteLineAsync($"There is no encoding '{name}'; there are {string.Join(", ", catalog.Encodings)}.");
                    return 2;
                }
            }
            else
            {
                tokenizer = catalog.ForModel(result.GetValue(model) ?? "gpt-4o").Tokenizer;
            }

            byte[] text;
            try
            {
                text = await ReadAsync(result.GetValue(file)!, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 2;
            }

            if (result.GetValue(ids))
            {
                var list = new List<int>();
                tokenizer.Encode(text, list);
                await Console.Out.WriteLineAsync(string.Join(' ', list));
            }
            else
            {
                await Console.Out.WriteLineAsync(tokenizer.Count(text).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            return 0;
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path != "-")
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }

        await using var input = Console.OpenStandardInput();
        using var memory = new MemoryStream();
        await input.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }
}
