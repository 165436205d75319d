using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Tests.Library;

public sealed class DigestTests
{
    // FIPS 180-4, example of one block.
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public async Task Bytes_and_stream_have_the_sha256_of_their_content()
    {
        Assert.Equal("sha256:" + Abc, Digest.Of("abc"u8).ToString());
        Assert.Equal(Digest.Of("abc"u8), await Digest.OfAsync(new MemoryStream("abc"u8.ToArray()), TestContext.Current.CancellationToken));
        Assert.Equal(Digest.Of("abc"u8), Digest.FromHash(Convert.FromHexString(Abc)));
    }

    [Theory]
    [InlineData(Abc)]
    [InlineData("sha256:" + Abc)]
    public void Both_spellings_are_one_digest(string text)
    {
        Assert.Equal(Digest.Of("abc"u8), Digest.Parse(text));
        Assert.Equal(Digest.Of("abc"u8), Digest.Parse(text[..^64] + Abc.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("md5:" + Abc)]
    [InlineData("SHA256:" + Abc)]
    [InlineData(Abc + "0")]
    [InlineData("../7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(" " + Abc)]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Digest.Parse(text));
    }

    [Fact]
    public void A_hash_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => Digest.FromHash(new byte[31]));
}
