using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace StyleClip.Models.Clip;

/// <summary>
/// The published vocabulary: 256 characters that stand for the bytes, the same at the end of a word, one token for each merge in
/// the order of the merges, start and end.
/// </summary>
internal sealed class ClipVocabulary
{
    public const string EndOfWord = "</w>";
    public const string Start = "<|startoftext|>";
    public const string End = "<|endoftext|>";

    // The file has more merges than the models were trained with.
    private const int MergeCount = 48_894;

    private static readonly char[] ByteCharacters = AssignCharacters();

    private readonly FrozenDictionary<char, byte> _bytes =
        Enumerable.Range(0, 256).ToFrozenDictionary(value => ByteCharacters[value], value => (byte)value);

    private ClipVocabulary(IReadOnlyList<string> merges)
    {
        Merges = merges;
        // Tokens follow the characters' own order, printable ones first, not the bytes' order.
        string[] symbols = [.. ByteCharacters.Order().Select(character => character.ToString())];
        IEnumerable<string> merged = merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal));
        Tokens = [.. symbols, .. symbols.Select(symbol => symbol + EndOfWord), .. merged, Start, End];
    }

    /// <summary>Tokens by id.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Two tokens each, separated by a space; the first merge has precedence.</summary>
    public IReadOnlyList<string> Merges { get; }

    public static ClipVocabulary Load()
    {
        using StreamReader reader = new(new GZipStream(TextResource.Open("bpe_simple_vocab_16e6.txt.gz"), CompressionMode.Decompress));
        string[] merges = new string[MergeCount];
        reader.ReadLine(); // the file's version
        for (int i = 0; i < MergeCount; i++)
            merges[i] = reader.ReadLine() ?? throw new InvalidDataException($"The CLIP vocabulary ends after {i} of {MergeCount} merges.");
        return new ClipVocabulary(merges);
    }

    /// <summary>The characters that stand for the UTF-8 bytes of <paramref name="word"/>.</summary>
    public static string ToByteCharacters(string word)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        return string.Create(bytes.Length, bytes, (characters, source) =>
        {
            for (int i = 0; i < source.Length; i++)
                characters[i] = ByteCharacters[source[i]];
        });
    }

    /// <summary>The text of tokens put end to end; bytes that are not UTF-8 become U+FFFD, ends of words spaces.</summary>
    public string ToText(IEnumerable<string> tokens)
    {
        byte[] bytes = [.. tokens.SelectMany(token => token).Select(character => _bytes[character])];
        return Encoding.UTF8.GetString(bytes).Replace(EndOfWord, " ", StringComparison.Ordinal);
    }

    // Printable Latin-1 stands for itself; the other bytes, in order, for the characters from U+0100 on.
    private static char[] AssignCharacters()
    {
        char[] characters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < 256; value++)
            characters[value] = (char)value is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ') ? (char)value : next++;
        return characters;
    }
}
