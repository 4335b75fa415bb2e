using System.Globalization;
using System.Text.RegularExpressions;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>Prometheus' text format 0.0.4, read strictly.</summary>
internal sealed partial class Exposition
{
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public List<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> Samples { get; } = [];

    public static Exposition Parse(string text)
    {
        var result = new Exposition();
        var family = "";
        text.ShouldEndWith("\n");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                family = comment.Groups["name"].Value;
                if (comment.Groups["kind"].Value == "TYPE")
                {
                    comment.Groups["rest"].Value.ShouldBeOneOf("counter", "gauge", "histogram");
                    result.Types.TryAdd(family, comment.Groups["rest"].Value).ShouldBeTrue($"{family} has two types");
                }

                continue;
            }

            var match = Sample().Match(line);
            match.Success.ShouldBeTrue(line);
            var name = match.Groups["name"].Value;
            (name == family || (result.Types[family] == "histogram" && name is var n && (n == family + "_bucket" || n == family + "_sum" || n == family + "_count"))).ShouldBeTrue(line);
            var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(l => l.Groups["name"].Value, l => l.Groups["value"].Value, StringComparer.Ordinal);
            result.Samples.Add((name, labels, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }

        foreach (var (name, _) in result.Types.Where(t => t.Value == "histogram"))
        {
            foreach (var buckets in result.Samples.Where(s => s.Name == name + "_bucket").GroupBy(s => Key(s.Labels)))
            {
                buckets.Select(b => b.Value).ShouldBeInOrder();
                buckets.Last().Labels["le"].ShouldBe("+Inf");
                result.Samples.Single(s => s.Name == name + "_count" && Key(s.Labels) == buckets.Key).Value.ShouldBe(buckets.Last().Value);
            }
        }

        return result;
    }

    /// <summary>The sum over all series with these labels.</summary>
    public double Of(string name, params (string Name, string Value)[] labels)
        => Samples.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Name) == l.Value)).Sum(s => s.Value);

    private static string Key(IReadOnlyDictionary<string, string> labels) => string.Join(',', labels.Where(l => l.Key != "le").OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Key + "=" + l.Value));

    [GeneratedRegex("^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*")*)\})? (?<value>[-+]?[0-9.]+(E[-+]?[0-9]+)?|NaN|[-+]Inf)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)["]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
