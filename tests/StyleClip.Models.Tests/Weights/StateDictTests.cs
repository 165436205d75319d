using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights;

public sealed class StateDictTests
{
    [Fact]
    public void Tensors_survive_the_scope_they_were_made_in_and_end_with_the_dictionary()
    {
        Tensor inside;
        StateDict weights;
        using (NewDisposeScope())
        {
            inside = ones(2);
            weights = new StateDict([KeyValuePair.Create("a", inside)]);
        }

        Assert.False(inside.IsInvalid);
        weights.Dispose();
        Assert.True(inside.IsInvalid);
    }

    [Fact]
    public void Selecting_strips_the_prefix_and_shares_memory_without_sharing_lifetime()
    {
        StateDict all = new([KeyValuePair.Create("mapper.x", zeros(2)), KeyValuePair.Create("mapperless", zeros(1)), KeyValuePair.Create("decoder.x", zeros(1))]);
        using StateDict mapper = all.Select("mapper");
        Assert.Equal(["x"], mapper.Keys);
        all["mapper.x"].fill_(3);
        all.Dispose();
        Assert.Equal(6f, mapper["x"].sum().item<float>());
    }

    [Fact]
    public void Loading_copies_values_and_converts_precision()
    {
        using nn.Module linear = nn.Linear(2, 3);
        using StateDict weights = new([KeyValuePair.Create("weight", full([3, 2], 0.5, ScalarType.Float16)), KeyValuePair.Create("bias", full(3, 2.0))]);
        weights.LoadInto(linear, "the layer");
        weights["bias"].fill_(9);
        using StateDict loaded = StateDict.From(linear);
        Assert.Equal(ScalarType.Float32, loaded["weight"].dtype);
        Assert.Equal(3f, loaded["weight"].sum().item<float>());
        Assert.Equal(6f, loaded["bias"].sum().item<float>());
        Assert.False(loaded["bias"].requires_grad);
    }

    [Fact]
    public void A_misfit_lists_every_missing_surplus_and_misshapen_name_at_once_and_changes_nothing()
    {
        using nn.Module module = nn.Sequential(("a", nn.Linear(2, 3)), ("b", nn.Linear(3, 1)));
        using StateDict before = StateDict.From(module);
        using StateDict weights = new(
        [
            KeyValuePair.Create("a.weight", zeros(3, 2)),
            KeyValuePair.Create("a.bias", zeros(4)),
            KeyValuePair.Create("b.bias", zeros([1], ScalarType.Int64)),
            KeyValuePair.Create("c.bias", zeros(1)),
            KeyValuePair.Create("known", zeros(1)),
        ]);
        WeightsException error = Assert.Throws<WeightsException>(() => weights.LoadInto(module, "the pair", new HashSet<string> { "known" }));
        Assert.Equal("The weights do not fit the pair: 1 missing (b.weight); 1 surplus (c.bias); 2 misshapen (a.bias is [4], wanted [3], b.bias is Int64, wanted Float32).", error.Message);
        using StateDict after = StateDict.From(module);
        Assert.Equal(SafetensorsWriter.ToBytes(before), SafetensorsWriter.ToBytes(after));
    }

    [Fact]
    public void An_unknown_name_is_reported_by_name()
    {
        using StateDict weights = new([]);
        Assert.Contains("\"nope\"", Assert.Throws<WeightsException>(() => weights["nope"]).Message, StringComparison.Ordinal);
    }
}
