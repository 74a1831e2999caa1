"""Tell whether answers fit a question, in the languages that this module knows. Pure.

*Different*, *same* and *overlap* fit a question that compares two things, *yes* and *no* one that
begins with its verb. Whatever is not recognized does not fit: a draft can be mended, an answer that
readers have given cannot.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class _Language(NamedTuple):
    """Hold what a language compares with, as regular expressions."""

    # The end of a comparison: "…, and why".
    reason: str
    # Words that ask for more than a yes or a no.
    question_words: str
    # What says that two things are different, or not.
    comparison: str
    # What names two things.
    pair: str
    # How a question for yes or no begins.
    opening: str
    alternative: str
    yes_and_no: frozenset[str]


_END = r"(?=\s*(?:$|[,;–—]|{})"
_LANGUAGES = {
    "en": _Language(
        reason=r"[,;–—]?\s*(?:and|or|but)?\s*(?:if so,?\s*)?\b(?:why|in what way)\b.*",
        question_words="how|what|which|where|when|who|whom|whose",
        comparison=r"\b(?:is|are|was|were)\b.*(?<!ed )(?<!paid )(?<!held )(?<!taught )"
        r"\b(?:different|distinct|separate|alike|identical|the same|one)"
        r"(?: (?:things?|jobs?|roles?|crafts?|skills?))?"
        + _END.format(r"(?:or|and|from|than|as|to|at all|after all)\b)")
        + r"|\b(?:do|does|did)\b.*\b(?:differ|overlap|coincide)"
        + _END.format(r"(?:or|and|from|at all)\b)")
        + r"|\b(?:is|are) there (?:an?y? |really |still )*(?:difference|overlap)s? between\b",
        pair="and|or|from|than|as|they|these|those|both|two",
        opening="is|are|am|was|were|do|does|did|can|could|should|would|will|shall|must|may|might"
        "|has|have|had",
        alternative="or",
        yes_and_no=frozenset({"yes", "no"}),
    ),
    "de": _Language(
        reason=r"[,;–—]?\s*(?:und|oder)?\s*(?:wenn ja,?\s*)?"
        r"\b(?:warum|weshalb|wieso|inwiefern)\b.*",
        question_words="wie|was|worin|wodurch|welche[rsn]?|wo|wann|wer|wem|wen",
        comparison=r"\b(?:sind|ist|waren|war)\b.*\b(?:verschieden|unterschiedlich|zweierlei|gleich"
        r"|dasselbe|das gleiche|identisch|eins|verschiedene dinge)"
        + _END.format(r"(?:oder|und|von|wie|als)\b)")
        + r"|\b(?:verschieden|unterschiedlich|zweierlei|gleich|dasselbe|das gleiche|identisch|eins)"
        r" (?:sind|ist|seien|sei)\b|\b(?:unterscheiden|überschneiden|decken) sich\b"
        r"|\bgibt es (?:einen |wirklich einen )?unterschied zwischen\b",
        pair="und|oder|von|wie|als|sie|beide|beides|zwischen",
        opening="ist|sind|war|waren|hat|haben|kann|können|soll|sollen|sollte|sollten|muss|müssen"
        "|darf|dürfen|wird|werden|würde|würden|gibt|lohnt|braucht|brauchen|glaub(?:st|t|en)",
        alternative="oder",
        yes_and_no=frozenset({"ja", "nein"}),
    ),
    "fr": _Language(
        reason=r"[,;–—]?\s*(?:et|ou)?\s*(?:si oui,?\s*)?\bpourquoi\b.*",
        question_words="comment|quel|quels|quelle|quelles|où|quand|combien|quoi|qui",
        comparison=r"\b(?:est|sont|étaient)\b.*\b(?:différente?s?|distincte?s?|identiques?"
        r"|pareils?|pareilles?|la même chose|les mêmes)"
        + _END.format(r"(?:ou|et|de|des|du|que)\b|d['’])")
        + r"|\b(?:diffèrent|se recoupent|se recouvrent)\b"
        r"|\by a-t-il (?:une |vraiment une )?différence entre\b",
        pair="et|ou|de|du|des|que|ils|elles|deux|entre",
        opening=r"est-ce que?|(?:\w+|y a)-(?:t-)?(?:il|elle|ils|elles|on|nous|vous|tu|ce)",
        alternative="ou",
        yes_and_no=frozenset({"oui", "non"}),
    ),
    "es": _Language(
        reason=r"[,;–—]?\s*(?:y|o)?\s*¿?\s*\bpor qué\b.*",
        question_words="cómo|qué|cuál|cuáles|dónde|cuándo|quién|quiénes|cuánto",
        comparison=r"\b(?:son|es|eran|sean)\b.*\b(?:diferentes?|distint[oa]s?|iguales|idéntic[oa]s"
        r"|lo mismo|la misma cosa|una misma cosa)"
        + _END.format(r"(?:o|u|y|e|de|del|que|un|una|el|la|los|las)\b)")
        + r"|\b(?:se diferencian|difieren|se solapan|coinciden)\b"
        r"|\bhay (?:alguna |una )?diferencia entre\b",
        pair="y|e|o|u|de|del|que|ellos|ellas|ambos|ambas|dos|entre",
        opening="es|son|está|están|puede|pueden|debe|deben|debería|deberían|hay|vale|tiene|tienen",
        alternative="o|u",
        yes_and_no=frozenset({"sí", "no"}),
    ),
}
_CLAUSES = re.compile(r"[?;]|:\s")


def compares(question: str, language: str = "") -> str:
    """Return the language in which `question` compares two things, an empty string for none.

    `language` is the one it is said to be in; without it all known ones are tried.
    """
    return next((code for code in _tried(language) if _is_comparison(question, code)), "")


def takes_yes_or_no(question: str, words: Iterable[str], language: str = "") -> bool:
    """Return whether `question` asks for the yes or the no that are among `words`."""
    said = {word.strip().casefold() for word in words}
    return any(
        _LANGUAGES[code].yes_and_no <= said and _is_for_yes_or_no(question, code)
        for code in _tried(language)
    )


def _tried(language: str) -> list[str]:
    code = language.partition("-")[0].lower()
    return [one for one in _LANGUAGES if code in {"", one}]


def _is_comparison(question: str, code: str) -> bool:
    language = _LANGUAGES[code]
    return any(
        re.search(language.comparison, clause)
        and re.search(rf"\b(?:{language.pair})\b", clause)
        and not re.search(rf"\b(?:{language.question_words})\b", clause)
        for clause in _clauses(question, language)
    )


def _is_for_yes_or_no(question: str, code: str) -> bool:
    language = _LANGUAGES[code]
    return any(
        re.match(rf"(?:{language.opening})\b", clause)
        and not re.search(rf"\b(?:{language.alternative})\b", clause)
        for clause in _clauses(question, language)
    )


def _clauses(question: str, language: _Language) -> Iterator[str]:
    """Yield the clauses of `question` in lower case, each without the reason it asks for."""
    for clause in _CLAUSES.split(question.lower()):
        yield re.sub(language.reason, "", clause).strip(" ¿,.!")
