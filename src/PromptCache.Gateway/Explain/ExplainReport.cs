using System.Text.Json;
using System.Text.Json.Serialization;

namespace PromptCache.Gateway.Explain;

/// <summary>Everything that is told about one prompt. Holds none of its text.</summary>
internal sealed record ExplainReport
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public required string Model { get; init; }

    public required string Provider { get; init; }

    public required string UpstreamModel { get; init; }

    /// <summary>Whose prefixes were looked at.</summary>
    public required string Tenant { get; init; }

    public required string Tokenizer { get; init; }

    /// <summary>Whether the tokenizer is the model's own; otherwise the counts are estimates.</summary>
    public required bool Exact { get; init; }

    public required int TotalTokens { get; init; }

    public required IReadOnlyList<ExplainSegment> Segments { get; init; }

    public required ExplainMatch Match { get; init; }

    public required IReadOnlyList<ExplainPolicy> Policies { get; init; }

    /// <summary>Null: the whole prompt is known.</summary>
    public ExplainDifference? FirstDifference { get; init; }
}
