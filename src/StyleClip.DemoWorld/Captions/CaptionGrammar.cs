using System.Collections.Immutable;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Captions;

/// <summary>
/// Writes true captions: whole descriptions ("a photo of a smiling man with curly red hair") and bare claims ("a mohawk",
/// "without wrinkles"), so that both kinds of prompt are understood.
/// </summary>
internal static class CaptionGrammar
{
    public const int ContextLength = 24;

    private static readonly string[] Subjects = ["face", "face", "face", "person", "person", "man", "woman", "portrait", "head"];
    private static readonly string[] Colours = ["black", "brown", "blond", "red", "purple", "grey"];

    /// <summary>Every word that a caption can have; prompts may use no other.</summary>
    public static ImmutableArray<string> Words { get; } =
    [
        "a", "an", "the", "photo", "picture", "drawing", "of", "face", "person", "man", "woman", "portrait", "head",
        "with", "without", "no", "and", "wearing",
        "hair", "hairstyle", "black", "brown", "blond", "blonde", "red", "purple", "grey", "gray",
        "buzz", "cut", "short", "long", "mohawk", "curly",
        "smiling", "happy", "smile", "sad", "angry", "surprised",
        "wrinkles", "wrinkled", "glasses", "eyeglasses", "spectacles", "beard", "bearded", "makeup", "make", "up", "clown",
    ];

    /// <summary>A caption with up to three claims that are true of <paramref name="face"/>.</summary>
    /// <param name="face">The face.</param>
    /// <param name="random">Chooses claims and wording.</param>
    /// <param name="moodShare">How often the caption must name the mood of a face that smiles or is sad.</param>
    public static Caption Describe(Face face, SeededRandom random, double moodShare = 0)
    {
        Atom[] claims = Choose(face, random, moodShare);
        string text = random.Chance(0.5) ? Sentence(claims, random) : Bare(claims, random);
        return new(text, [.. claims]);
    }

    private static Atom[] Choose(Face face, SeededRandom random, double moodShare)
    {
        double draw = random.NextDouble();
        int count = draw < 0.04 ? 0 : draw < 0.52 ? 1 : draw < 0.84 ? 2 : 3;
        var chosen = new List<Atom>();
        if (moodShare > 0 && random.Chance(moodShare))
        {
            foreach (Atom mood in (ReadOnlySpan<Atom>)[Atom.Smiling, Atom.Sad])
            {
                if (mood.Truth(face) >= 0.6f) chosen.Add(mood);
            }
        }
        for (int attempt = 0; attempt < 200 && chosen.Count < count; attempt++)
        {
            var atom = (Atom)random.Next(Atoms.Count);
            if (chosen.Contains(atom) || atom.Truth(face) < 0.6f || (atom.IsNegation() && random.Chance(0.55))) continue;
            chosen.Add(atom);
        }
        return [.. chosen];
    }

    private static string Sentence(Atom[] claims, SeededRandom random)
    {
        var adjectives = new List<string>();
        var phrases = new List<string>();
        string subject = claims.Contains(Atom.Clown) ? (random.Chance(0.7) ? "clown" : "clown face") : random.Pick(Subjects);
        foreach (Atom claim in claims.Where(claim => claim != Atom.Clown && !IsHair(claim)))
        {
            if (Adjective(claim, random) is { } adjective) adjectives.Add(adjective);
            else phrases.Add(Phrase(claim, random));
        }
        if (Hair(claims, random) is { } hair) phrases.Insert(random.Next(phrases.Count + 1), "with " + hair);
        string noun = string.Join(' ', [.. adjectives, subject]);
        bool bare = random.Chance(0.2);
        string text = bare ? noun : $"{(random.Chance(0.08) ? "the" : Article(noun))} {noun}";
        if (random.Chance(0.15)) text = $"{random.Pick(["a photo", "a picture", "a drawing", "photo"])} of {text}";
        string joint = random.Chance(0.5) ? " and " : " ";
        return phrases.Count == 0 ? text : $"{text} {string.Join(joint, phrases)}";
    }

    private static string Bare(Atom[] claims, SeededRandom random)
    {
        if (claims.Length == 0) return random.Pick(["a face", "face", "a person", "person", "a portrait", "a photo", "a man", "a woman", "a head"]);
        var parts = new List<string>();
        foreach (Atom claim in claims.Where(claim => !IsHair(claim)))
        {
            parts.Add(claim switch
            {
                Atom.Clown => random.Pick(["a clown", "clown"]),
                _ => random.Chance(0.6) ? Adjective(claim, random) ?? Noun(claim, random) : Noun(claim, random),
            });
        }
        if (Hair(claims, random) is { } hair) parts.Insert(random.Next(parts.Count + 1), random.Chance(0.2) ? "with " + hair : hair);
        return string.Join(random.Chance(0.6) ? " and " : " ", parts);
    }

    private static bool IsHair(Atom atom) => atom <= Atom.CurlyHair;

    private static string? Hair(Atom[] claims, SeededRandom random)
    {
        Atom[] hair = [.. claims.Where(IsHair)];
        if (hair.Length == 0) return null;
        Atom[] colours = [.. hair.Where(atom => atom <= Atom.GreyHair)], styles = [.. hair.Where(atom => atom > Atom.GreyHair)];
        string colour = colours.Length == 0 ? "" : Spelling(Colours[(int)colours[0]], random);
        if (styles.Length == 0) return colour + " hair";
        switch (styles[0])
        {
            case Atom.Mohawk or Atom.BuzzCut:
                string name = styles[0] == Atom.Mohawk ? "mohawk" : "buzz cut";
                string noun = random.Chance(0.15) ? name + " hairstyle" : random.Chance(0.1) ? name + " hair" : name;
                if (colour.Length > 0) noun = $"{colour} {noun}";
                return noun.EndsWith(" hair", StringComparison.Ordinal) || random.Chance(0.2) ? noun : $"a {noun}";
            default:
                string style = styles[0] == Atom.CurlyHair ? "curly" : styles[0] == Atom.LongHair ? "long" : "short";
                string hairWord = random.Chance(0.08) ? "hairstyle" : "hair";
                return (colour.Length == 0 ? style : random.Chance(0.5) ? $"{style} {colour}" : $"{colour} {style}") + " " + hairWord;
        }
    }

    private static string Spelling(string colour, SeededRandom random) => colour switch
    {
        "blond" when random.Chance(0.4) => "blonde",
        "grey" when random.Chance(0.4) => "gray",
        _ => colour,
    };

    private static string? Adjective(Atom atom, SeededRandom random) => atom switch
    {
        Atom.Smiling => random.Chance(0.2) ? null : random.Chance(0.25) ? "happy" : "smiling",
        Atom.Sad => "sad",
        Atom.Angry => "angry",
        Atom.Surprised => "surprised",
        Atom.Wrinkles => random.Chance(0.25) ? "wrinkled" : null,
        Atom.Beard => random.Chance(0.25) ? "bearded" : null,
        _ => null,
    };

    private static string Phrase(Atom atom, SeededRandom random)
    {
        if (atom.IsNegation()) return Noun(atom, random);
        bool worn = atom is Atom.Glasses or Atom.MakeUp && random.Chance(0.45);
        return (worn ? "wearing " : "with ") + Noun(atom, random);
    }

    private static string Noun(Atom atom, SeededRandom random) => atom switch
    {
        Atom.Smiling => random.Chance(0.5) ? "a smile" : "smile",
        Atom.Sad => "sad",
        Atom.Angry => "angry",
        Atom.Surprised => "surprised",
        Atom.Wrinkles => "wrinkles",
        Atom.Glasses => random.Pick(["glasses", "glasses", "glasses", "glasses", "eyeglasses", "spectacles"]),
        Atom.Beard => random.Chance(0.75) ? "a beard" : "beard",
        Atom.MakeUp => random.Chance(0.7) ? "makeup" : "make up",
        Atom.NoWrinkles => $"{Lacking(random)} wrinkles",
        Atom.NoGlasses => $"{Lacking(random)} glasses",
        Atom.NoBeard => Lacking(random) is "without" ? "without a beard" : "no beard",
        Atom.NoMakeUp => $"{Lacking(random)} {(random.Chance(0.7) ? "makeup" : "make up")}",
        _ => throw new ArgumentOutOfRangeException(nameof(atom), atom, "has no noun"),
    };

    private static string Lacking(SeededRandom random) => random.Pick(["without", "without", "with no", "no"]);

    private static string Article(string noun) => noun[0] == 'a' ? "an" : "a";
}
