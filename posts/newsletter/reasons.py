"""Say at the end of an article's mail why it comes, and what the link there ends."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from notifications.following import listing
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
    named = _NAMED.get(reason.kind)
    if named is None:
        return of_site()
    followed = _followed(reason, facts.get(named.fact) or {})
    return named.words(followed) if followed else _of_something()


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


def _of_something() -> ReasonWords:
    """Return the words for those who follow what readers can no longer see."""
    sentence = _("You get this because of what you follow in %(site)s.")
    return ReasonWords(sentence % {"site": current().name}, _("Stop following it"))


class _Named(NamedTuple):
    """What is said of a kind, and the fact of its content that has names by the followed id."""

    words: Callable[[str], ReasonWords]
    fact: str


_NAMED = {
    NEXT_PART: _Named(of_series, "series_by_id"),
    AUTHOR_PUBLISHED: _Named(of_author, "authors"),
}


def _followed(reason: LetterReason, names: Mapping[int, str]) -> str:
    """Return the name of what the subscription follows, "" if readers can no longer see that.

    It is among `names`, those of the article, unless the article was moved after its audience was
    frozen.
    """
    row = Subscription.objects.filter(pk=reason.subscription).first()
    if row is None:
        return ""
    if row.target_id in names:
        return names[row.target_id]
    [followed] = listing.followed([row], AnonymousUser())
    return followed.target.title if followed.target else ""
