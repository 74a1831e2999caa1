"""Find the answers to an article's closing question: those it brings, or the site's if they fit."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.exceptions import ActionRefused
from publication import current
from publication.answers import made_of, read_answers

from ..actions import StanceInput, default_stances
from ..models import Post, Stance
from .articles import Article
from .fitting import compares, takes_yes_or_no

# The answers that ship, word and meaning, in the languages whose comparisons are recognized.
_COMPARING = {
    "en": {
        "different": ("Different", "They are two things."),
        "same": ("Same", "They are one thing."),
        "overlap": ("Overlap", "They share some ground."),
    },
    "de": {
        "different": ("Verschieden", "Es sind zwei Dinge."),
        "same": ("Gleich", "Es ist dasselbe."),
        "overlap": ("Überschneidung", "Sie haben etwas gemeinsam."),
    },
    "fr": {
        "different": ("Différents", "Ce sont deux choses."),
        "same": ("Pareils", "C’est la même chose."),
        "overlap": ("Ils se recoupent", "Ils ont une part commune."),
    },
    "es": {
        "different": ("Distintos", "Son dos cosas."),
        "same": ("Lo mismo", "Son una sola cosa."),
        "overlap": ("Se solapan", "Comparten una parte."),
    },
}


@dataclass(frozen=True)
class Answers:
    """Hold the answers to a question; `doubt` says why they may not fit, empty if they do."""

    stances: list[StanceInput]
    doubt: str = ""

    @property
    def words(self) -> str:
        """The words of the answers, in one line."""
        return ", ".join(stance.word for stance in self.stances)


def answers_for(article: Article) -> Answers:
    """Return the answers that `article` brings, else the site's.

    Raises `ActionRefused` for answers that cannot be read.
    """
    if article.answers:
        return Answers(parse_answers(article.answers))
    return site_answers(article.question, article.language)


def site_answers(question: str, language: str = "") -> Answers:
    """Return the site's answers to `question`, which is said to be in `language`."""
    site = Answers(default_stances())
    compared, words = compares(question, language), [one.word for one in site.stances]
    if compared and _are_shipped(site.stances):
        return Answers(_in_language(site.stances, compared))
    says_same = {"different", "same"} <= {one.key for one in site.stances}
    if says_same and compared == current.current().language:
        return site
    if takes_yes_or_no(question, words, language):
        return site
    doubt = _("The answers of this site, %(words)s, do not seem to fit this question.")
    return replace(site, doubt=doubt % {"words": site.words})


def doubt_about(post: Post) -> str:
    """Return why the site's answers do not fit the question of `post`, empty for other answers."""
    question = post.question_or_none
    if question is None:
        return ""
    site = site_answers(str(question), post.language)
    return site.doubt if as_text(site.stances) == as_text(question.offered) else ""


def as_text(stances: Iterable[StanceInput | Stance]) -> str:
    """Return `stances` as `parse_answers` reads them, one a line."""
    return "\n".join(
        f"{stance.word}: {stance.meaning}" if stance.meaning else stance.word for stance in stances
    )


def parse_answers(text: str) -> list[StanceInput]:
    """Return the answers in `text`: words with an optional meaning, "Yes: worth it; No".

    They are separated by semicolons or lines. Shapes and colours are given in their order.

    Raises `ActionRefused` for too few, too many or too long ones, and for a word given twice.
    """
    try:
        answers = made_of(read_answers(text))
    except ValidationError as refused:
        raise ActionRefused(" ".join(refused.messages)) from refused
    return [StanceInput(**asdict(answer)) for answer in answers]


def _are_shipped(stances: list[StanceInput]) -> bool:
    """Return whether `stances` are those that ship, in words that the site has not changed."""
    said = {stance.key: (stance.word, stance.meaning) for stance in stances}
    return said == _COMPARING["en"]


def _in_language(stances: list[StanceInput], language: str) -> list[StanceInput]:
    """Return the answers that ship in the words of `language`."""
    words = _COMPARING[language]
    return [
        replace(stance, word=words[stance.key][0], meaning=words[stance.key][1])
        for stance in stances
    ]
