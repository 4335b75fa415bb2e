namespace PromptCache.Architecture.Tests;

/// <summary>What every source file has to keep.</summary>
public sealed class SourceTests
{
    [Fact]
    public void Program_FitsOnOneScreen()
        => File.ReadAllLines(Path.Combine(Repository.Root, "src/PromptCache.Gateway/Program.cs")).Length.ShouldBeLessThan(40);

    [Fact]
    public void Files_AreSmall()
    {
        var lengths = Repository.Sources("src").Select(s => (s.Path, s.Lines.Length)).ToArray();
        lengths.Where(s => s.Length > 400).ShouldBeEmpty();
        lengths.Select(s => s.Length).Order().ElementAt(lengths.Length * 9 / 10).ShouldBeLessThan(200);
    }

    [Fact]
    public void Code_HasNothingLeftOpen()
        => Repository.Sources("src").SelectMany(s => s.Lines.Where(l => l.Contains("TODO", StringComparison.Ordinal) || l.Contains("NotImplementedException", StringComparison.Ordinal)).Select(l => $"{s.Path}: {l}"))
            .ShouldBeEmpty();

    [Fact]
    public void Code_DoesNotBlock()
        => Repository.Sources("src").SelectMany(s => s.Lines.Where(l => l.Contains(".GetAwaiter().GetResult()", StringComparison.Ordinal) || l.Contains(".Wait()", StringComparison.Ordinal)).Select(l => $"{s.Path}: {l}"))
            .ShouldBeEmpty();

    [Fact]
    public void Tests_AreNotSkipped()
        => Repository.Sources("tests").Where(s => !s.Path.Contains("Architecture", StringComparison.Ordinal))
            .SelectMany(s => s.Lines.Where(l => l.Contains("Skip =", StringComparison.Ordinal) || l.Contains("Thread.Sleep", StringComparison.Ordinal)).Select(l => $"{s.Path}: {l}"))
            .ShouldBeEmpty();
}
