using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Faults;
using PromptCache.Simulator.OpenAI;

namespace PromptCache.Simulator.Hosting;

/// <summary>What holds for one request: the options, with the request's own <c>x-sim-*</c> headers over them.</summary>
internal sealed record CallSettings(SimulatorOptions Options, CacheRules Rules, UsageShape Usage, Fault? Fault, bool Strict)
{
    public const string HeaderPrefix = "x-sim-";

    /// <summary>Reads the settings of a request; a value that makes no sense is refused, so that a test's typo does not go unseen.</summary>
    public static bool TryRead(SimulatorOptions options, IHeaderDictionary headers, [NotNullWhen(true)] out CallSettings? settings, [NotNullWhen(false)] out string? problem)
    {
        settings = null;
        var own = options with { };
        problem = headers.Where(h => h.Key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
            .Where(h => !Apply(own, h.Key[HeaderPrefix.Length..], h.Value.ToString()))
            .Select(h => $"The simulator cannot use {h.Key}: {h.Value}.")
            .FirstOrDefault() ?? Check(own);
        if (problem is not null)
        {
            return false;
        }

        CacheRulesTable.TryGet(own.Policy, out var rules);
        UsageShapes.TryGet(own.Usage ?? rules!.Usage, out var usage);
        settings = new(own, rules!, usage!, Fault.Parse(own.Error, own.ErrorAfter), own.Strict ?? rules!.Strict);
        return true;
    }

    /// <summary>Says what is wrong with the options; null: nothing.</summary>
    public static string? Check(SimulatorOptions options)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new(options), problems, validateAllProperties: true))
        {
            return problems[0].ErrorMessage;
        }

        if (!CacheRulesTable.TryGet(options.Policy, out _))
        {
            return $"There is no policy '{options.Policy}'. There are {string.Join(", ", CacheRulesTable.Names)}.";
        }

        if (options.Usage is { } usage && !UsageShapes.TryGet(usage, out _))
        {
            return $"There is no usage shape '{usage}'. There are {string.Join(", ", UsageShapes.Names)}.";
        }

        return options.Error is { } error && Fault.Parse(error, 0) is null
            ? $"There is no error '{error}'. There are statuses from 400 to 599, and {string.Join(", ", FaultTable.Names)}."
            : null;
    }

    private static bool Apply(SimulatorOptions options, string name, string value)
    {
        var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= 1_000_000;
        switch (name.ToLowerInvariant())
        {
            case "policy": options.Policy = value; return true;
            case "usage": options.Usage = value; return true;
            case "error": (options.Error, options.ErrorTimes) = (value, null); return true;
            case "tool-call": options.ToolCall = value; return true;
            case "completion-tokens": options.CompletionTokens = (int)number; return isNumber;
            case "reasoning-tokens": options.ReasoningTokens = (int)number; return isNumber;
            case "first-token-delay": options.FirstTokenDelayMs = number; return isNumber;
            case "tokens-per-second": options.TokensPerSecond = number; return isNumber;
            case "tokens-per-chunk": options.TokensPerChunk = (int)number; return isNumber && number >= 1;
            case "error-after": options.ErrorAfter = (int)number; return isNumber;
            case "strict": options.Strict = value == "1"; return value is "0" or "1";
            default: return false;
        }
    }
}
