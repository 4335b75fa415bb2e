using System.Globalization;

namespace PromptCache.Testing.Stores;

/// <summary>A real Redis Cluster of three primaries on loopback. A part of it that is gone does not stop the rest.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    /// <summary>The last slot of each node.</summary>
    private static readonly int[] Ends = [5460, 10922, 16383];

    private readonly RedisServer[] _nodes;

    private RedisCluster(RedisServer[] nodes) => _nodes = nodes;

    public IReadOnlyList<RedisServer> Nodes => _nodes;

    public string EndPoints => string.Join(',', _nodes.Select(n => n.EndPoint));

    /// <summary>Starts the nodes, makes them known to each other, and waits until all agree that all slots are served.</summary>
    public static async Task<RedisCluster> StartAsync()
    {
        var nodes = new List<RedisServer>();
        var buses = new List<string>();
        for (var i = 0; i < Ends.Length; i++)
        {
            buses.Add(RedisServer.FreePort().ToString(CultureInfo.InvariantCulture));
            nodes.Add(await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", buses[i], "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no"));
            await nodes[i].CommandAsync("CLUSTER", "SET-CONFIG-EPOCH", (i + 1).ToString(CultureInfo.InvariantCulture));
            await nodes[i].CommandAsync("CLUSTER", "ADDSLOTSRANGE", (i == 0 ? 0 : Ends[i - 1] + 1).ToString(CultureInfo.InvariantCulture), Ends[i].ToString(CultureInfo.InvariantCulture));
        }

        for (var i = 1; i < nodes.Count; i++)
        {
            await nodes[0].CommandAsync("CLUSTER", "MEET", "127.0.0.1", nodes[i].Port.ToString(CultureInfo.InvariantCulture), buses[i]);
        }

        var cluster = new RedisCluster([.. nodes]);
        await cluster.AgreesAsync();
        return cluster;
    }

    /// <summary>Which node a slot belongs to.</summary>
    public static int OwnerOf(int slot) => Array.FindIndex(Ends, end => slot <= end);

    /// <summary>Waits until every node sees every other, and all slots are served.</summary>
    public async Task AgreesAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (var node in _nodes)
        {
            while (await node.CommandAsync("CLUSTER", "INFO") is var info
                && !(info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_slots_ok:16384", StringComparison.Ordinal) && info.Contains("cluster_known_nodes:3", StringComparison.Ordinal)))
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    /// <summary>Gives an empty slot to another node.</summary>
    public async Task MoveAsync(int slot, int to)
    {
        var (name, id) = (slot.ToString(CultureInfo.InvariantCulture), await _nodes[to].CommandAsync("CLUSTER", "MYID"));
        await _nodes[to].CommandAsync("CLUSTER", "SETSLOT", name, "NODE", id);
        await _nodes[OwnerOf(slot)].CommandAsync("CLUSTER", "SETSLOT", name, "NODE", id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }
}
