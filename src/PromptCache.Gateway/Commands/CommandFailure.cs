namespace PromptCache.Gateway.Commands;

/// <summary>Tells of what no command expected: a line where the world is to blame, everything where the program is.</summary>
internal static class CommandFailure
{
    /// <returns>The exit code.</returns>
    public static async Task<int> TellAsync(Exception exception)
    {
        try
        {
            // A full disk, a pipe that broke, a file that may not be read: where the code was helps nobody.
            await Console.Error.WriteLineAsync(exception is IOException or UnauthorizedAccessException or OperationCanceledException ? exception.Message : exception.ToString());
        }
        catch (IOException)
        {
            // Nobody can be told; the code says it.
            return 2;
        }

        return 2;
    }
}
