"""Texts of generated comments, composed of the sentences in `comments/seeding/data/`."""

from pathlib import Path
from random import Random

from core.markdown.html import Profile, render_many

SENTENCES = Path(__file__).with_name("data") / "sentences.txt"
# Different texts: enough that neighbours seldom match, few enough to render in a second.
TEXTS = 200
# Characters of an average comment, as in real discussions.
MEAN_LENGTH = 440
SENTENCES_PER_PARAGRAPH = 4


def rendered(random: Random) -> list[tuple[str, str]]:
    """Return `TEXTS` pairs of Markdown and its HTML, the same for the same state of `random`."""
    sentences = SENTENCES.read_text(encoding="utf-8").splitlines()
    texts = [_text(random, sentences) for _ in range(TEXTS)]
    return list(zip(texts, map(str, render_many(texts, Profile.COMMENT)), strict=True))


def _text(random: Random, sentences: list[str]) -> str:
    """Return paragraphs of Markdown; the length is gamma-distributed: mostly short, some long."""
    # The last sentence exceeds the drawn length by half its own on average.
    overrun = sum(map(len, sentences)) / len(sentences) / 2
    room = random.gammavariate(2, (MEAN_LENGTH - overrun) / 2)
    paragraphs: list[list[str]] = []
    while room > 0 or not paragraphs:
        if not paragraphs or len(paragraphs[-1]) >= SENTENCES_PER_PARAGRAPH:
            paragraphs.append([])
        sentence = _marked(random, random.choice(sentences))
        paragraphs[-1].append(sentence)
        room -= len(sentence)
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def _marked(random: Random, sentence: str) -> str:
    """Return the sentence, in one of ten cases with an emphasised word."""
    words = sentence.split(" ")
    if random.random() < 0.1 and len(words) > 4:
        words[2] = f"*{words[2]}*"
    return " ".join(words)
