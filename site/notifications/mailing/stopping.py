"""End or change what a link in a mail is about, without an account or a session."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.numbers import number

from .. import targets
from ..kinds import Way
from ..models import Subscription
from . import scopes, settings, ways
from .scopes import MailLink


@dataclass(frozen=True)
class Stoppable:
    """What a link is about: what it is called, and the way in which it is sent now."""

    label: Any
    way: Way
    has_ways: bool


def find(link: MailLink) -> Stoppable | None:
    """Return what `link` is about; None if nothing of it is left, as after an erasure."""
    if not link.person:
        return _followed(link)
    person = User.objects.filter(pk=link.person, erased_at=None).first()
    if person is None:
        return None
    found = scopes.groups_of(link.scope)
    chosen = ways.choices_of(person)
    if found:
        present = {ways.way_of_group(group, chosen) for group in found}
        way = present.pop() if len(present) == 1 else min(present, key=list(Way).index)
        return Stoppable(settings.label_of(person, link.scope), way, has_ways=True)
    if scopes.parts_of(link.scope)[0] not in settings.OF_THEIR_OWN:
        return None
    label = settings.label_of(person, link.scope) or _("this article")
    return Stoppable(label, Way(chosen.get(link.scope, Way.SOON)), has_ways=True)


def _followed(link: MailLink) -> Stoppable | None:
    """Return what is followed by the subscription of `link`.

    An account may have taken it over since the mail; the link ends it as before.
    """
    pk = number(scopes.parts_of(link.scope)[1]) or 0
    held = Subscription.objects.filter(pk=pk, confirmed_at__isnull=False).first()
    if held is None:
        return None
    key = targets.Key(held.target_id, held.detail)
    target = targets.find(held.target, key, AnonymousUser())
    way = Way.SOON if held.is_active else Way.NONE
    return Stoppable(target.title if target else _("what you follow"), way, has_ways=False)


@retried
def change(link: MailLink, way: Way) -> bool:
    """Send what `link` is about by `way` from now on; return False if it is so already.

    A person's wish is stored in any case: a default may change one day.
    """
    found = find(link)
    if found is None:
        return False
    if not link.person:
        pk = number(scopes.parts_of(link.scope)[1]) or 0
        ended_at = timezone.now() if way == Way.NONE else None
        if found.way != way:
            Subscription.objects.filter(pk=pk).update(ended_at=ended_at)
        return found.way != way
    person = User.objects.get(pk=link.person)
    groups = scopes.groups_of(link.scope)
    for scope in [scopes.of_groups([group]) for group in groups] or [link.scope]:
        ways.choose(person, scope, way)
    return found.way != way
