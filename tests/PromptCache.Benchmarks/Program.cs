using System.Reflection;
using BenchmarkDotNet.Running;
using PromptCache.Benchmarks;
using PromptCache.Benchmarks.Load;

if (args is ["load", ..])
{
    await LoadRun.RunAsync();
}
else if (args is ["redis-store", ..])
{
    await RedisStoreMeasurement.RunAsync();
}
else
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
}
