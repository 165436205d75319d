using System.Collections.Immutable;

namespace StyleClip.Training.Domain;

/// <summary>Prompts to calibrate packs with whose generator draws photographs of faces.</summary>
public static class ReferencePrompts
{
    /// <summary>
    /// What pictures of faces commonly show: age, mood, hair, beard, glasses, make-up, and pairs of these. Users whose generator draws
    /// something else bring their own.
    /// </summary>
    public static ImmutableArray<string> Faces { get; } =
    [
        "a smiling face", "a serious face", "a person laughing", "an open mouth", "a person looking surprised",
        "a young woman", "a young man", "an old woman", "an old man", "a baby", "a child", "a middle-aged man",
        "a person with blond hair", "a person with black hair", "a person with brown hair", "a person with red hair", "a person with grey hair",
        "a woman with long hair", "a woman with short hair", "a person with curly hair", "a person with straight hair", "a woman with wavy hair",
        "a woman with bangs", "a bald man", "a man with receding hair",
        "a man with a beard", "a man with a moustache", "a man with stubble", "a clean-shaven man",
        "a person with glasses", "a person with sunglasses", "a person wearing a hat", "a woman with earrings",
        "a woman with lipstick", "a woman with make-up", "a tanned face", "a pale face", "a face with freckles", "a face with wrinkles",
        "a person with thick eyebrows", "a person with blue eyes", "a person with brown eyes",
        "a smiling woman with blond hair", "an old man with a beard", "a young man with glasses", "a laughing child", "a smiling old woman with glasses",
        "a man with black hair and a beard",
    ];
}
