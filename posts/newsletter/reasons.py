"""Say at the end of an article's mail why it comes, and what the link there ends."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from notifications.following.letters import LetterReason
from notifications.models import Subscription
from publication.current import current

from ..notifications import AUTHOR_PUBLISHED, NEXT_PART, PROMISE_KEPT


class ReasonWords(NamedTuple):
    """The sentence of a reason, and the words of the link that ends it."""

    sentence: str
    stop: str


def words_of(reason: LetterReason) -> ReasonWords:
    """Return the words of `reason`: the followed promise, series, author or site by its name."""
    facts = reason.content.facts
    if reason.kind == PROMISE_KEPT:
        return of_promise(str(facts.get("promise") or ""))
    if reason.kind == NEXT_PART:
        return of_series(str(facts.get("series") or ""))
    if reason.kind == AUTHOR_PUBLISHED:
        return of_author(_author(reason))
    return of_site()


def of_promise(promise: str) -> ReasonWords:
    """Return the words for those who follow `promise`, which the article keeps."""
    sentence = _("You get this because a promise you follow is kept: “%(promise)s”.")
    return ReasonWords(sentence % {"promise": promise}, _("Stop following this promise"))


def of_series(title: str) -> ReasonWords:
    """Return the words for those who follow the series called `title`."""
    sentence = _("You get this because you follow the series “%(series)s”.")
    return ReasonWords(sentence % {"series": title}, _("Stop following this series"))


def of_author(name: str) -> ReasonWords:
    """Return the words for those who follow the author called `name`."""
    sentence = _("You get this because you follow %(name)s.")
    return ReasonWords(sentence % {"name": name}, _("Stop following this author"))


def of_site() -> ReasonWords:
    """Return the words for those who follow the whole site."""
    sentence = _("You get this because you follow every new article in %(site)s.")
    return ReasonWords(sentence % {"site": current().name}, _("Stop following every new article"))


def _author(reason: LetterReason) -> str:
    """Return the name of the author who is followed; an article may have several."""
    names: dict[int, str] = reason.content.facts.get("authors", {})
    if len(names) > 1:
        rows = Subscription.objects.filter(pk=reason.subscription)
        followed = rows.values_list("target_id", flat=True).first() or 0
        names = {followed: names[followed]} if followed in names else names
    return next(iter(names.values()), "")
