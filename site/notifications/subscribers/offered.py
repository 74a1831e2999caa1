"""What imported addresses can follow, and what an export tells of: targets that bring articles."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from ..models import Subscription, SubscriptionQuerySet
from ..targets import Key, Target, TargetType, registered, type_of

# There is one site, which has this key.
SITE, THE_SITE = "site", Key(1)
# Targets of each type that a form offers: more than any publication has.
LISTED = 500


@dataclass(frozen=True)
class Offered:
    """A target to follow, with its type and key."""

    type: TargetType
    key: Key
    target: Target

    @property
    def value(self) -> str:
        """The word for it in a form."""
        return f"{self.type.name}:{self.key.id}"


def types() -> list[TargetType]:
    """Return the types whose followers get new articles."""
    return [each for each in registered() if _brings_articles(each)]


def _brings_articles(type_: TargetType) -> bool:
    return type_.brings_articles is not None or type_.name == SITE


def offered() -> Iterator[Offered]:
    """Yield what everybody may follow, in a query or two for each type."""
    for type_ in types():
        keys = list(type_.brings_articles() if type_.brings_articles else [THE_SITE])[:LISTED]
        for key, target in type_.load(AnonymousUser(), keys).items():
            yield Offered(type_, key, target)


def find(name: str, key: Key) -> Offered | None:
    """Return one target; None for what is not offered, or no longer."""
    type_ = type_of(name)
    if type_ is None or not _brings_articles(type_):
        return None
    target = type_.load(AnonymousUser(), [key]).get(key)
    return Offered(type_, key, target) if target else None


def subscriptions() -> SubscriptionQuerySet:
    """Return the subscriptions of all these types."""
    names: Collection[str] = [each.name for each in types()]
    return Subscription.objects.filter(target__in=names, detail="")
