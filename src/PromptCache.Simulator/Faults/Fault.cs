using System.Globalization;

namespace PromptCache.Simulator.Faults;

/// <summary>What goes wrong with a reply.</summary>
/// <param name="Name">A name of <see cref="FaultTable"/>, or empty for a bare status.</param>
/// <param name="Status">The status to answer with; 0: the fault is in the reply's body or connection.</param>
/// <param name="After">The events of a stream that still arrive.</param>
internal sealed record Fault(string Name, int Status, int After)
{
    /// <summary>Reads a setting; null when it is absent or means nothing.</summary>
    public static Fault? Parse(string? text, int after)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return status is >= 400 and <= 599 ? new("", status, after) : null;
        }

        return text is not null && FaultTable.Names.Contains(text, StringComparer.OrdinalIgnoreCase) ? new(text.ToLowerInvariant(), 0, after) : null;
    }
}
