namespace PromptCache.Core.Prefixes;

/// <summary>Tokens of audio, estimated from its size.</summary>
internal static class AudioTokens
{
    // "Audio tokens in user messages are 1 token per 100 ms of audio" (OpenAI, managing costs of realtime models).
    private const int TokensPerSecond = 10;

    // 24 kHz, 16 bit, mono, which is what OpenAI's audio models speak; and 128 kbit/s for everything that is compressed.
    private const int WaveBytesPerSecond = 48_000;
    private const int CompressedBytesPerSecond = 16_000;

    /// <param name="length">The length of the base64 text, in bytes.</param>
    /// <param name="isWave">Whether it is uncompressed.</param>
    public static int OfBase64(int length, bool isWave)
    {
        var bytes = length / 4L * 3;
        var perSecond = isWave ? WaveBytesPerSecond : CompressedBytesPerSecond;
        return (int)Math.Max(1, bytes * TokensPerSecond / perSecond);
    }
}
