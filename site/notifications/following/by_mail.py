"""Follow without an account: an address asks, and confirms by a press behind a mailed link.

Whether an address is known, asked before or follows the target already, the same statements run
and the same answer is given: a mail that is not to be sent is written and queued for nobody.
"""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import limits
from core.db.transactions import retried

from .. import mail
from ..models import Subscription, SubscriptionQuerySet
from ..models.subscription import LINK_VALID, MAILED_EVERY
from ..subscribers import former
from ..targets import Key, type_of
from . import actions, joining, links


@retried
def ask(
    request: HttpRequest,
    address: str,
    target: str,
    key: Key,
    *,
    may_mail: bool = True,
    now: datetime | None = None,
) -> None:
    """Store that `address` wants to follow a target, and mail it a link to confirm.

    The mail says what kind of target that is, in our words alone: anybody can have it sent to any
    address, so nothing that others wrote is in it.

    One such mail goes to an address in `MAILED_EVERY`, whatever it asks for: its link confirms all
    that waits. What waited longest makes room for the newest, since anybody may have asked for it;
    nothing is stored for an address that follows too much. Without `may_mail`, as its mailbox had
    enough under other addresses, none is sent.
    """
    now = now or timezone.now()
    token, has_turn = _store(address, target, key, now, may_mail=may_mail)
    request.is_rehearsal = not has_turn  # type: ignore[attr-defined]
    get_adapter(request).send_mail(
        "following/email/confirm", address.lower(), _context(token, target)
    )


@retried
def invite(address: str, target: str, key: Key, title: str, *, now: datetime | None = None) -> bool:
    """Ask `address` by mail whether it wants to follow a target; for lists of addresses.

    The mail says that the site has such a list, and the `title` of the target. Like that of `ask`,
    it is sent at most once in `MAILED_EVERY`, and it waits behind all other mail. Return whether
    it is sent.
    """
    now = now or timezone.now()
    token, has_turn = _store(address, target, key, now)
    if has_turn:
        site = {"domain": urlsplit(settings.SITE_URL).netloc}
        context = {
            **_context(token, target),
            "title": title,
            "email": address,
            "current_site": site,
        }
        adapter = get_adapter()
        message = adapter.render_mail("following/email/invite", address.lower(), context)
        with mail.in_background():
            message.send()
    return has_turn


def _context(token: str, target: str) -> dict[str, object]:
    kind = type_of(target)
    return {
        "url": links.to_confirm(token),
        "days": LINK_VALID.days,
        "press": kind.press if kind else "",
        "told": kind.told if kind else "",
        "act": _("Confirm this address"),
    }


def _store(
    address: str, target: str, key: Key, now: datetime, *, may_mail: bool = True
) -> tuple[str, bool]:
    """Store what `address` asks for; return a new token, and whether it may be mailed now.

    A request that may not mail leaves the turn of the address to one that may.
    """
    rows = Subscription.objects.of_address(address)
    own = rows.to(target, *key)
    new = Subscription(
        address=address.lower(), target=target, target_id=key.id, detail=key.detail, created_at=now
    )
    actions.lock_address(rows)
    if rows.filter(ended_at__isnull=True).count() < limits.FOLLOWED_MAX:
        _make_room(rows, own)
        Subscription.objects.bulk_create([new], ignore_conflicts=True)
        # Its owner alone may begin it again; anybody may have asked for it.
        former.remember_address(address, own)
        ended = own.filter(ended_at__isnull=False)
        ended.update(ended_at=None, confirmed_at=None, created_at=now)
        # Asked for again, it waits a month from now, so as long as the link works that is mailed.
        own.waiting().update(created_at=now)
    token = links.new_token()
    return token, may_mail and _take_turn(rows, own, token, now)


def _make_room(rows: SubscriptionQuerySet, own: SubscriptionQuerySet) -> None:
    """Delete what has waited longest in `rows`, so that with `own` not too much waits.

    The row with the token stays, which tells when the address was mailed.
    """
    others = rows.waiting().filter(token_hash="").exclude(pk__in=own.values("pk"))
    kept = others.order_by("-created_at", "-pk").values_list("pk", flat=True)
    others.exclude(pk__in=list(kept[: max(limits.FOLLOWS_WAITING - 2, 0)])).delete()


def _take_turn(
    rows: SubscriptionQuerySet, own: SubscriptionQuerySet, token: str, now: datetime
) -> bool:
    """Store the hash of a new `token` for the address; False if it was mailed one lately.

    Of two requests at the same moment one gets its turn: one row of an address has a token.
    """
    values = {"token_hash": links.hash_of(token), "mailed_at": now}
    has_token = rows.exclude(token_hash="")
    renewed = has_token.filter(mailed_at__lte=now - MAILED_EVERY).update(**values)
    try:
        with transaction.atomic():
            first = own.filter(token_hash="")
            given = first.exclude(address__in=has_token.values("address")).update(**values)
    except IntegrityError:
        return False
    return bool(renewed or given)


def find(token: str, now: datetime | None = None) -> Subscription | None:
    """Return the row of the address to which `token` was mailed; None once it is too old."""
    since = (now or timezone.now()) - LINK_VALID
    mailed = Subscription.objects.filter(token_hash=links.hash_of(token), mailed_at__gt=since)
    return mailed.first()


@retried
def confirm(address: str, chosen: Collection[int], *, now: datetime | None = None) -> int:
    """Confirm those rows of `address` that wait and are `chosen`; return how many.

    An account that has confirmed the address takes over all that it follows.
    """
    waiting = Subscription.objects.of_address(address).waiting().filter(pk__in=chosen)
    number = waiting.update(confirmed_at=now or timezone.now())
    account = EmailAddress.objects.filter(email=address.lower(), verified=True).first()
    if account is not None:
        joining.join(account.user, address)
    return number


@retried
def change(address: str, pk: int, *, is_on: bool) -> None:
    """End what `address` follows by the row `pk`, or undo that; either again changes nothing."""
    rows = Subscription.objects.of_address(address).filter(pk=pk, confirmed_at__isnull=False)
    if is_on:
        actions.resume(rows)
    else:
        actions.end(rows)
