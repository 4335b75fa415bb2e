namespace PromptCache.Redis.Tests;

/// <summary>Keys and values as a version of the store wrote them, in hex.</summary>
internal static class Samples
{
    /// <summary>Two prompts that part ways after two blocks, the second a minute later; one explicit entry. Written at 2026-11-21 12:00 and 12:01 UTC.</summary>
    public static readonly Dictionary<string, string> Version1 = new()
    {
        ["7063313a7b65613763326338387d70882c7cea1ba96838399db20f5f01d37d"] =
            "00001000" + "01a1fe36ed58"
            + "00" + "02" + "01a1fdffc440" + "000000b2000000a10000000000000000" + "0000000000000000" + "5e05f5e7c56dd77b1eb49184"
            + "02" + "02" + "01a1fdfed9e0" + "000000a1000000000000000000000000" + "14e7435d631bee41" + "65055db8bd93b3e81a84e7c3" + "5cb6f646f1de7e5d4e833fce"
            + "02" + "01" + "01a1fdffc440" + "000000b2000000000000000000000000" + "953a53e30fb70f75" + "23ff9b93c10707d19484495a",
        ["7063313a7b65613763326338387d615cb6f646f1de7e5d4e833fce14e7435d"] = "01a1fe313480" + "00000036ee80",
    };
}
