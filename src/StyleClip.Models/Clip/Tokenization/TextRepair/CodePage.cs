namespace StyleClip.Models.Clip;

/// <summary>
/// A single-byte encoding that text may have been misread with. Bytes travel as strings of the characters U+0000 to U+00FF, so
/// that regular expressions apply to them. Unassigned bytes of the Windows pages stand for the control character of equal number,
/// and byte 1A, otherwise unused, stands for a character that was lost (U+FFFD): what ftfy calls "sloppy".
/// </summary>
internal sealed class CodePage
{
    public const char LostByte = '\x1A';
    public const char LostCharacter = '\uFFFD';

    private readonly Dictionary<char, char> _bytes = [];

    private CodePage(string upperHalf, bool isWindows)
    {
        UpperHalf = upperHalf;
        IsWindows = isWindows;
        for (int i = 0; i < 0x80; i++)
            _bytes[(char)i] = (char)i;
        for (int i = 0; i < 0x80; i++)
            _bytes[upperHalf[i]] = (char)(0x80 + i);
        if (!isWindows)
            return;
        _bytes.Remove(LostByte);
        _bytes[LostCharacter] = LostByte;
    }

    public static CodePage Latin1 { get; } = new(string.Concat(Enumerable.Range(0x80, 0x80).Select(code => (char)code)), isWindows: false);

    public static CodePage Windows1252 { get; } = new(
        "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿" +
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
        isWindows: true);

    public static CodePage Windows1251 { get; } = new(
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u0098™љ›њќћџ\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї°±Ііґµ¶·ё№є»јЅѕї" +
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя",
        isWindows: true);

    public static CodePage Windows1250 { get; } = new(
        "€\u0081‚\u0083„…†‡\u0088‰Š‹ŚŤŽŹ\u0090‘’“”•–—\u0098™š›śťžź\u00A0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00AD®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż" +
        "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙",
        isWindows: true);

    public static CodePage Windows1253 { get; } = new(
        "€\u0081‚ƒ„…†‡\u0088‰\u008A‹\u008C\u008D\u008E\u008F\u0090‘’“”•–—\u0098™\u009A›\u009C\u009D\u009E\u009F\u00A0΅Ά£¤¥¦§¨©ª«¬\u00AD®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏ" +
        "ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡÒΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώÿ",
        isWindows: true);

    public static CodePage Windows1254 { get; } = new(
        "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008D\u008E\u008F\u0090‘’“”•–—˜™š›œ\u009D\u009EŸ\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿" +
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ",
        isWindows: true);

    public static CodePage Windows1257 { get; } = new(
        "€\u0081‚\u0083„…†‡\u0088‰\u008A‹\u008C¨ˇ¸\u0090‘’“”•–—\u0098™\u009A›\u009C¯˛\u009F\u00A0¡¢£¤¥¦§Ø©Ŗ«¬\u00AD®Æ°±²³´µ¶·ø¹ŗ»¼½¾æ" +
        "ĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž˙",
        isWindows: true);

    public static CodePage Iso8859Part2 { get; } = new(
        Latin1.UpperHalf[..0x20] + "\u00A0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00ADŽŻ°ą˛ł´ľśˇ¸šşťź˝žż" +
        "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙",
        isWindows: false);

    public static CodePage MacRoman { get; } = new(
        "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø" +
        "¿¡¬√ƒ≈∆«»…\u00A0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uF8FFÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ",
        isWindows: false);

    public static CodePage Cp437 { get; } = new(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
        "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0",
        isWindows: false);

    /// <summary>The pages in the order in which they are tried: the likeliest mistakes first.</summary>
    public static IReadOnlyList<CodePage> InOrderOfTrial { get; } =
        [Latin1, Windows1252, Windows1251, Windows1250, Windows1253, Windows1254, Windows1257, Iso8859Part2, MacRoman, Cp437];

    /// <summary>The pages whose letters stand where Latin-1 has letters; used to recognise misread UTF-8.</summary>
    public static IReadOnlyList<CodePage> LikeLatin1 { get; } =
        [Latin1, Windows1252, Windows1251, Windows1250, Windows1253, Windows1254, Windows1257];

    /// <summary>The characters of bytes 80 to FF.</summary>
    public string UpperHalf { get; }

    /// <summary>Whether lost characters can be expressed.</summary>
    public bool IsWindows { get; }

    /// <summary>The bytes of <paramref name="text"/>, or null where a character has none.</summary>
    public string? Encode(string text)
    {
        char[] bytes = new char[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (!_bytes.TryGetValue(text[i], out bytes[i]))
                return null;
        }
        return new string(bytes);
    }
}
