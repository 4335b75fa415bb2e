using System.Security.Cryptography;
using System.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Signs what the simulated model thought, so that a thinking block which comes back changed is found out.</summary>
internal static class ThinkingSignature
{
    public static string Of(string thinking) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("simulator\n" + thinking)));

    public static bool IsValid(string thinking, string signature) => Of(thinking) == signature;
}
