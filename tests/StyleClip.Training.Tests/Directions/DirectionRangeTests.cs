using System.Collections.Immutable;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Models.StyleGan2;
using StyleClip.Training.Directions;

namespace StyleClip.Training.Tests.Directions;

public sealed class DirectionRangeTests
{
    // Who plans a table knows the pack's document; who measures it knows the generator. They must count alike.
    [Theory]
    [InlineData(null, 64)]
    [InlineData(null, 7)]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(2, 100)]
    [InlineData(DirectionTableSpec.PublishedLastLayer, 64)]
    [InlineData(25, 64)]
    public void A_table_has_as_many_ranges_as_its_plan_counts(int? lastLayer, int size)
    {
        GeneratorSpec full = GeneratorSpec.ConfigF(1024);
        foreach (ImmutableSortedDictionary<int, int> channels in new[] { full.Channels, ImmutableSortedDictionary<int, int>.Empty.Add(4, 96).Add(8, 70).Add(16, 5) })
        {
            var generator = new PackGenerator { Size = channels.Keys.Max(), StyleDim = 512, MappingLayers = 8, Channels = channels };
            GeneratorSpec spec = PackShapes.Spec(generator);

            Assert.Equal(DirectionRange.All(spec, lastLayer, size).Length, new DirectionTableSpec { LastLayer = lastLayer }.RangeCount(generator, size));
            Assert.Equal(lastLayer >= spec.StyleWidths.Length, new DirectionTableSpec { LastLayer = lastLayer }.Problem(generator) is not null);
        }
    }
}
