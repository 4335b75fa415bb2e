using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Pricing;
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
            if (!TryChoose(result.GetValue(model), result.GetValue(encoding), out var tokenizer, out var remark))
            {
                await Console.Error.WriteLineAsync(remark);
                return 2;
            }

            if (remark.Length > 0)
            {
                await Console.Error.WriteLineAsync(remark);
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

    /// <summary>The tokenizer that was asked for, or the reason why there is none; with one, the remark says that it only estimates.</summary>
    private static bool TryChoose(string? model, string? encoding, [NotNullWhen(true)] out ITokenizer? tokenizer, out string remark)
    {
        var catalog = new TokenizerCatalog();
        (tokenizer, remark) = (null, "");
        if (encoding is not null)
        {
            remark = model is not null ? "Name a model or an encoding, not both."
                : catalog.TryGetEncoding(encoding, out tokenizer) ? ""
                : $"There is no encoding '{encoding}'; there are {string.Join(", ", catalog.Encodings)}.";
            return tokenizer is not null;
        }

        var found = catalog.ForModel(model ?? "gpt-4o");
        if (found.Exact)
        {
            tokenizer = found.Tokenizer;
            return true;
        }

        // A name that nobody knows is more likely misspelt than a model; one with a price is a model without a published vocabulary.
        if (PriceBook.Shipped.TryFind(new("", model!), out _, out _))
        {
            tokenizer = found.Tokenizer;
            remark = $"The vocabulary of '{model}' is not published: this is an estimate, with {tokenizer.Name}.";
            return true;
        }

        remark = $"There is no model '{model}'. The gateway estimates what it does not know with {found.Tokenizer.Name}: --encoding {found.Tokenizer.Name}";
        return false;
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"{path} is a directory.");
        }

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
