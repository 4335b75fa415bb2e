using System.Reflection;
using BenchmarkDotNet.Running;
using PromptCache.Benchmarks.Load;

if (args is ["load", ..])
{
    await LoadRun.RunAsync();
}
else
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
}
