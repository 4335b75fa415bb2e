namespace PromptCache.Core.Wire;

/// <summary>Finds where server-sent events end. Bytes come cut anywhere, and each byte is looked at once however it comes.</summary>
/// <remarks>
/// An event ends with a blank line; a line ends with CR LF, LF or CR (WHATWG HTML, "Server-sent events", section 9.2.5).
/// A CR ends its line at once, so that an event never waits for an LF that may not come; see <see cref="TakesLineFeed"/>.
/// </remarks>
public struct SseScanner
{
    private bool _afterReturn;

    /// <summary>Whether the last line seen has not ended.</summary>
    public bool IsMidLine { get; private set; }

    /// <summary>Takes bytes that follow those of the last call.</summary>
    /// <returns>The bytes up to the end of the event, in number; 0 when all were taken and the event goes on.</returns>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (_afterReturn)
            {
                _afterReturn = false;
                if (bytes[at] == (byte)'\n')
                {
                    at++;
                    continue;
                }
            }

            var length = bytes[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                IsMidLine = true;
                return 0;
            }

            var isBlank = length == 0 && !IsMidLine;
            at += length + 1;
            IsMidLine = false;
            _afterReturn = bytes[at - 1] == (byte)'\r';
            if (isBlank)
            {
                return at;
            }
        }

        return 0;
    }

    /// <summary>Between two events: whether the next byte is the LF of the CR LF that ended the last event, and so still belongs to it.</summary>
    public bool TakesLineFeed(ReadOnlySpan<byte> next)
    {
        if (!_afterReturn || next is not [(byte)'\n', ..])
        {
            return false;
        }

        _afterReturn = false;
        return true;
    }
}
