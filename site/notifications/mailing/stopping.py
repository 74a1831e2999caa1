"""End or change what a link in a mail is about, without an account or a session."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried

from ..following import actions, listing
from ..kinds import Way
from ..models import Subscription, SubscriptionQuerySet
from . import scopes, settings, ways
from .scopes import MailLink


@dataclass(frozen=True)
class Stoppable:
    """What a link is about: what it is called, and the way in which it is sent now.

    `undo` is the link that undoes its end: of several things only those that are sent now.
    """

    label: Any
    way: Way
    has_ways: bool
    undo: MailLink


def find(link: MailLink) -> Stoppable | None:
    """Return what `link` is about; None if nothing of it is left, as after an erasure."""
    if not link.person:
        return _followed(link)
    person = User.objects.filter(pk=link.person, erased_at=None).first()
    if person is None:
        return None
    chosen = ways.choices_of(person)
    present = {ways.way_of_group(group, chosen) for group in scopes.groups_of(link.scope)}
    present |= {ways.way_of_kind(kind, chosen) for kind in scopes.kinds_of(link.scope)}
    if present:
        way = present.pop() if len(present) == 1 else min(present, key=list(Way).index)
        return Stoppable(settings.label_of(person, link.scope), way, has_ways=True, undo=link)
    if scopes.parts_of(link.scope)[0] not in settings.OF_THEIR_OWN:
        return None
    label = settings.label_of(person, link.scope) or _("this article")
    way = Way(chosen.get(link.scope, Way.SOON))
    return Stoppable(label, way, has_ways=True, undo=link)


def _followed(link: MailLink) -> Stoppable | None:
    """Return what is followed by the subscriptions of `link`.

    An account may have taken them over since the mail; the link ends them as before.
    """
    held = list(_subscriptions(link).order_by("pk"))
    if not held:
        return None
    followed = listing.followed(held, AnonymousUser())
    titles = [each.target.title for each in followed if each.target]
    active = [row.pk for row in held if row.is_active]
    return Stoppable(
        ", ".join(titles) or _("what you follow"),
        Way.SOON if active else Way.NONE,
        has_ways=False,
        undo=link._replace(scope=scopes.of_subscription(*active)) if active else link,
    )


def _subscriptions(link: MailLink) -> SubscriptionQuerySet:
    ids = scopes.subscriptions_of(link.scope)
    return Subscription.objects.filter(pk__in=ids, confirmed_at__isnull=False)


@retried
def change(link: MailLink, way: Way) -> bool:
    """Send what `link` is about by `way` from now on; return False if it is so already.

    A person's wish is stored in any case: a default may change one day.
    """
    found = find(link)
    if found is None:
        return False
    if not link.person:
        held = _subscriptions(link)
        return bool(actions.end(held) if way == Way.NONE else actions.resume(held))
    person = User.objects.get(pk=link.person)
    together = [scopes.of_groups([group]) for group in scopes.groups_of(link.scope)]
    together += [scopes.of_kinds([kind]) for kind in scopes.kinds_of(link.scope)]
    for scope in together or [link.scope]:
        ways.choose(person, scope, way)
    return found.way != way
