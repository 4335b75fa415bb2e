using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Running;
using PromptCache.Benchmarks;
using PromptCache.Benchmarks.Day;
using PromptCache.Benchmarks.Load;

if (args is ["load", ..])
{
    await LoadRun.RunAsync(args[1..]);
}
else if (args is ["day", ..])
{
    await DayRun.RunAsync(args.ElementAtOrDefault(1), count: args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : int.MaxValue);
}
else if (args is ["redis-store", ..])
{
    await RedisStoreMeasurement.RunAsync();
}
else
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
}
