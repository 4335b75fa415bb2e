using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PromptCache.Gateway.Configuration;

/// <summary>One replica of a provider.</summary>
/// <param name="BaseUrl">Where it is, without a slash at the end.</param>
/// <param name="Id">Its number, the same in every gateway; never 0.</param>
internal sealed record DestinationModel(Uri BaseUrl, uint Id)
{
    public static DestinationModel Of(Uri baseUrl)
        => new(baseUrl, BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(baseUrl.AbsoluteUri))) | 1);
}
