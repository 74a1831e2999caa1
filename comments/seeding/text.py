"""Texts for generated comments, put together from the sentences in `comments/seeding/data/`."""

from pathlib import Path
from random import Random

from core.markdown.html import Profile, render_many

SENTENCES = Path(__file__).with_name("data") / "sentences.txt"
# Enough that no page shows the same text twice in a row, few enough to render in a moment.
TEXTS = 200
# Characters of an average comment; what real discussions have.
MEAN_LENGTH = 440
SENTENCES_PER_PARAGRAPH = 4


def rendered(random: Random) -> list[tuple[str, str]]:
    """Return texts in Markdown, each with its HTML; the same ones for the same `random`."""
    sentences = SENTENCES.read_text(encoding="utf-8").splitlines()
    texts = [_text(random, sentences) for _ in range(TEXTS)]
    return list(zip(texts, map(str, render_many(texts, Profile.COMMENT)), strict=True))


def _text(random: Random, sentences: list[str]) -> str:
    """Return a few paragraphs; most texts are short, some long, as people write."""
    # The last sentence runs over by half its length.
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
    """Return the sentence, now and then with a word that is stressed."""
    words = sentence.split(" ")
    if random.random() < 0.1 and len(words) > 4:
        words[2] = f"*{words[2]}*"
    return " ".join(words)
