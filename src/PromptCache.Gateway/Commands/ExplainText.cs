using System.Globalization;
using System.Text;
using PromptCache.Gateway.Explain;

namespace PromptCache.Gateway.Commands;

/// <summary>A report as plain text for people.</summary>
internal static class ExplainText
{
    public static string Of(ExplainReport report)
    {
        var text = new StringBuilder();
        Line(text, $"{report.Model} -> {report.Provider}/{report.UpstreamModel}, {report.TotalTokens} tokens ({report.Tokenizer}, {(report.Exact ? "exact" : "estimated")})");
        Line(text, $"");
        Line(text, $"{"#",4}  {"level",-8} {"kind",-14} {"role",-9} {"tokens",8} {"to",8}  {"hash",-12} {"marker",-7} path");
        foreach (var segment in report.Segments)
        {
            var known = segment.Index <= report.Match.Segment ? "*" : " ";
            Line(text, $"{segment.Index,4}{known} {segment.Level,-8} {segment.Kind,-14} {segment.Role ?? "-",-9} {segment.Tokens,8} {segment.To,8}  {segment.Hash,-12} {segment.Marker ?? "-",-7} {segment.Path}");
        }

        Line(text, $"");
        Line(text, $"Known: {report.Match.Tokens} tokens (segments with *; store: {report.Match.Store})");
        foreach (var policy in report.Policies)
        {
            Line(text, $"{policy.Name}: {policy.Status}. read {policy.Read}, write {policy.Write5m}, write for an hour {policy.Write1h}, uncached {policy.Uncached}; {Money(policy.Cost)} (without a cache {Money(policy.CostWithoutCache)})");
            Line(text, $"  {policy.Why}");
        }

        if (report.FirstDifference is { } difference)
        {
            Line(text, $"First difference: {difference.Path} ({difference.Level}), after {difference.KnownTokens} known tokens");
            foreach (var cause in difference.Causes)
            {
                Line(text, $"  {(cause.Certain ? "" : "perhaps: ")}{cause.Text}");
            }
        }

        return text.ToString().TrimEnd();
    }

    private static string Money(decimal? amount) => amount is { } value ? string.Create(CultureInfo.InvariantCulture, $"${value:0.##########}") : "no price known";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
}
