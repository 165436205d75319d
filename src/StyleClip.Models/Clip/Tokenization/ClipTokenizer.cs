using Microsoft.ML.Tokenizers;

namespace StyleClip.Models.Clip;

/// <summary>
/// The byte-pair encoding of the published CLIP models (Radford et al., 2021, section 2.4), clean-up of the text included. Its ids
/// are exactly those the models were trained with. Thread-safe; <see cref="Shared"/> saves loading the vocabulary again.
/// </summary>
public sealed class ClipTokenizer : ITextTokenizer
{
    /// <summary>Id before the first token.</summary>
    public const int StartId = 49_406;

    /// <summary>Id after the last token.</summary>
    public const int EndId = 49_407;

    private static readonly Lazy<ClipTokenizer> SharedInstance = new(() => new ClipTokenizer());

    private readonly ClipVocabulary _vocabulary = ClipVocabulary.Load();
    private readonly BpeTokenizer _pairs;

    /// <summary>Loads the vocabulary, which is part of this assembly.</summary>
    public ClipTokenizer()
    {
        _pairs = BpeTokenizer.Create(new BpeOptions(_vocabulary.Tokens.Select(KeyValuePair.Create))
        {
            Merges = _vocabulary.Merges,
            EndOfWordSuffix = ClipVocabulary.EndOfWord,
            PreTokenizer = new WholeWord(),
        });
    }

    /// <summary>One tokenizer for the whole process, loaded on first use.</summary>
    public static ClipTokenizer Shared => SharedInstance.Value;

    /// <inheritdoc/>
    public int ContextLength => 77;

    /// <summary>The ids of <paramref name="text"/> without start and end.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        List<int> ids = [];
        foreach (string word in ClipWordSplitter.Split(ClipTextCleaner.Clean(text)))
        {
            if (word == ClipVocabulary.Start)
                ids.Add(StartId);
            else if (word == ClipVocabulary.End)
                ids.Add(EndId);
            else
                ids.AddRange(_pairs.EncodeToIds(ClipVocabulary.ToByteCharacters(word)));
        }
        return ids;
    }

    /// <summary>The cleaned text that <paramref name="ids"/> stand for, a space after each word.</summary>
    public string Decode(IEnumerable<int> ids) => _vocabulary.ToText(ids.Select(id => _vocabulary.Tokens[id]));

    /// <inheritdoc/>
    public long[] Tokenize(string text)
    {
        IReadOnlyList<int> ids = Encode(text);
        if (ids.Count + 2 > ContextLength)
            throw new TextTooLongException(text, ids.Count + 2, ContextLength);
        return Frame(ids);
    }

    /// <summary>As <see cref="Tokenize"/>, but of a long text only the beginning is kept, and the last id is the end.</summary>
    public long[] TokenizeTruncated(string text) => Frame(Encode(text));

    private long[] Frame(IReadOnlyList<int> ids)
    {
        long[] framed = new long[ContextLength];
        int kept = Math.Min(ids.Count, ContextLength - 2);
        framed[0] = StartId;
        for (int i = 0; i < kept; i++)
            framed[i + 1] = ids[i];
        framed[kept + 1] = EndId;
        return framed;
    }

    // Words are split before; the library must not split them again.
    private sealed class WholeWord : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => [(0, text.Length)];

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => [(0, text.Length)];
    }
}
