namespace StyleClip.Cli.Mappers;

/// <summary>The form in which a mapper leaves the catalogue.</summary>
internal enum MapperFormat
{
    /// <summary>The file that StyleCLIP's programs load: mapper and decoder, with options.</summary>
    StyleClipPt,

    /// <summary>The mapper alone, as the catalogue has it.</summary>
    Safetensors,
}
