using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>What matters of one chat completion, or of one chunk: places in its bytes.</summary>
internal struct ChatEnvelope
{
    public ByteRange Id;

    public ByteRange Created;

    public ByteRange Model;

    /// <summary>The value of <c>usage</c>, whatever it is.</summary>
    public ByteRange UsageValue;

    /// <summary>The usage object; empty when <c>usage</c> is null or no object.</summary>
    public ByteRange Usage;

    /// <summary>Moonshot: the usage object inside the last choice that has one.</summary>
    public ByteRange ChoiceUsage;

    /// <summary>Groq: the usage object inside <c>x_groq</c>.</summary>
    public ByteRange GroqUsage;

    /// <summary>The value of an upstream's own <c>cost_details</c>.</summary>
    public ByteRange CostDetails;

    /// <summary>A number beside usage (Infron).</summary>
    public ByteRange Cost;

    /// <summary>The tier that served it, with its quotes.</summary>
    public ByteRange ServiceTier;

    /// <summary>The last non-null <c>finish_reason</c>, with its quotes.</summary>
    public ByteRange FinishReason;

    /// <summary><c>choices</c> is there, and an array.</summary>
    public bool HasChoices;

    /// <summary>At least one choice is there.</summary>
    public bool HasContent;

    public bool HasError;

    /// <summary>The upstream's own word on the price stands beside usage.</summary>
    public readonly bool HasCost => !Cost.IsEmpty || !CostDetails.IsEmpty;

    /// <summary>The end of the last member.</summary>
    public int MembersEnd;

    /// <summary>The usage object that counts, wherever it stands; empty when there is none.</summary>
    public readonly ByteRange Report => !Usage.IsEmpty ? Usage : !ChoiceUsage.IsEmpty ? ChoiceUsage : GroqUsage;
}
