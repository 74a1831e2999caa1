"""Write every mail of a furnished site to files, as text and as HTML; runs inside the site."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.test import RequestFactory, override_settings
from django.utils import timezone

from accounts.models import User
from comments.models import Comment
from notifications import kinds
from notifications.following import actions as following
from notifications.following import by_mail
from notifications.kinds import Way, kind_of
from notifications.mailing import outbox, scopes, ways
from notifications.mailing.composing import compose
from notifications.models import Notification, Subscription
from notifications.targets import Key
from posts.models import Post
from posts.newsletter import trials
from posts.notifications import NEXT_PART, SITE_PUBLISHED
from tests.browser.mail_events import FOLLOW_UP, SLUG, MailEvent, events

# Mails that say what several notifications say, and those of articles.
GATHERED = ("several-replies", "daily", "weekly", "address-several")
ARTICLES = ("article-whole", "article-test", "address-article", "address-comment")
ADDRESS = "pat@example.org"
_SUBJECT = "_subject.txt"
# Each is laid out in the same words as another: allauth asks for two subjects of one mail.
_ALIKE = {"email_confirmation_signup"}


def expected() -> set[str]:
    """Return the name of each mail that the site sends."""
    return {
        *(_name_of(kind) for kind in kinds.registered()),
        *(f"account-{name}" for name in account_mails()),
        *(
            "following-confirm",
            "following-invite",
            "account-admitted-with-words",
            *GATHERED,
            *ARTICLES,
        ),
    }


def account_mails() -> list[str]:
    """Return the names of the mails about accounts, which are written as text."""
    folder = Path(settings.BASE_DIR, "templates", "account", "email")
    names = {path.name.removesuffix(_SUBJECT) for path in folder.glob(f"*{_SUBJECT}")}
    return sorted(names - _ALIKE)


def write(folder: str) -> None:
    """Write `<name>.html` and `<name>.txt` of each mail into `folder`; fail if one is missing."""
    made = set()
    for name, message in every_mail():
        made.add(name)
        ((html, _kind),) = message.alternatives
        headers = "".join(f"{key}: {value}\n" for key, value in message.message().items())
        path = Path(folder) / name
        path.with_suffix(".html").write_text(html, encoding="utf-8")
        path.with_suffix(".txt").write_text(f"{headers}\n{message.body}", encoding="utf-8")
    refuse_missing(made)


def refuse_missing(made: set[str]) -> None:
    """Raise if a mail that the site sends is not among those `made`."""
    missing = sorted(expected() - made)
    assert not missing, f"mails that nothing here causes: {missing}"


def every_mail() -> Iterator[tuple[str, Any]]:
    """Yield each mail with its name, as far as something here causes it."""
    Notification.objects.update(read_at=None)
    makers = (_together, _of_each_kind, _of_articles, _to_an_address, _of_accounts, _to_confirm)
    for maker in makers:
        for name, message in maker():
            if message is not None:
                yield name, message


def _name_of(kind: kinds.NotificationKind) -> str:
    return f"one-{kind.name}"


def _together() -> Iterator[tuple[str, Any]]:
    """Yield a mail of several replies, and the daily and weekly one of the person with most."""
    ordered = Notification.objects.order_by("recipient_id", "-pk")
    by_person = [list(rows) for _who, rows in groupby(ordered, key=lambda row: row.recipient_id)]
    most = max(by_person, key=len)
    replies = max(map(_replies_of_one_article, by_person), key=len)
    for name, way, rows in (
        ("several-replies", Way.SOON, replies[:3]),
        ("daily", Way.DAILY, most[:30]),
        ("weekly", Way.WEEKLY, most[:8]),
    ):
        yield name, _mail(way, rows)


def _replies_of_one_article(rows: list[Notification]) -> list[Notification]:
    """Return the replies among `rows` to what the person wrote under one article."""
    replies = {row.subject_id: row for row in rows if row.kind == "reply"}
    comments = Comment.objects.filter(pk__in=replies).order_by("post", "pk")
    by_post = groupby(comments.values_list("post", "pk"), key=lambda each: each[0])
    together = [[replies[pk] for _post, pk in found] for _key, found in by_post]
    return max(together, key=len, default=[])


def _of_each_kind() -> Iterator[tuple[str, Any]]:
    """Yield the mail of one event of each kind."""
    for event in events():
        yield _name_of(event.kind), _mail(Way.SOON, [_notified(event)], _scope_of(event))


def _notified(event: MailEvent) -> Notification:
    """Return the notification of `event`, in place of another about the same target."""
    about = {"target": event.kind.target, "target_id": event.target}
    mine = Notification.objects.filter(recipient=event.recipient)
    mine.filter(**about).delete()
    told = {"kind": event.kind.name, "subject_id": event.subject}
    mine.filter(**told).delete()
    return Notification.objects.create(recipient=event.recipient, **told, **about)


def _scope_of(event: MailEvent) -> str:
    """Return what the link in the mail ends: what brings an article, or the group of its kind."""
    if event.follows is None:
        return ""
    target, pk = event.follows
    following.follow(event.recipient, target, Key(pk))
    mine = Subscription.objects.of(event.recipient).to(target, pk, "")
    return scopes.of_subscription(mine.get().pk)


def _of_articles() -> Iterator[tuple[str, Any]]:
    """Yield an article as its follower gets it whole, and as its author tries it."""
    post, reader = Post.objects.get(slug=FOLLOW_UP), User.objects.get(handle="reader")
    Post.objects.filter(pk=post.pk).update(mailed_as=Post.MailedAs.WHOLE)
    told = MailEvent(SITE_PUBLISHED, reader, post.pk, post.pk, ("site", 1))
    yield "article-whole", _mail(Way.SOON, [_notified(told)], _scope_of(told))
    author = _reachable(User.objects.get(handle="author"))
    yield "article-test", _sent(lambda: trials.send(Post.objects.get(slug=SLUG), author))


def _to_an_address() -> Iterator[tuple[str, Any]]:
    """Yield what somebody without an account gets: an article, a comment, and several things."""
    post = Post.objects.get(slug=FOLLOW_UP)
    comments = list(post.comments.filter(state="published").values_list("pk", flat=True)[:3])
    about = {"site": (1, SITE_PUBLISHED), "series": (post.part.series_id, NEXT_PART)}
    rows = [
        outbox.row_for_address(kind, _following(name, pk), post.pk, post.pk, timezone.now())
        for name, (pk, kind) in about.items()
    ]
    comment = kind_of("post_comment")
    assert comment is not None
    follower, now = _following("post", post.pk), timezone.now()
    told = [outbox.row_for_address(comment, follower, pk, pk, now) for pk in comments]
    yield "address-article", _composed(Way.SOON, rows[:1])
    yield "address-comment", _composed(Way.SOON, told[:1])
    yield "address-several", _composed(Way.DAILY, [rows[1], *told])


def _following(name: str, pk: int) -> Subscription:
    """Return the confirmed subscription of the address to a target."""
    of_address: dict[str, Any] = {"address": ADDRESS, "target": name, "target_id": pk}
    found, _new = Subscription.objects.update_or_create(
        **of_address, defaults={"confirmed_at": timezone.now(), "ended_at": None}
    )
    return found


def _of_accounts() -> Iterator[tuple[str, Any]]:
    """Yield the mails of signing up and in, with all that their templates ask for."""
    context = {
        "current_site": {"domain": urlsplit(settings.SITE_URL).netloc},
        "code": "K7QW-X3DM",
        "password_reset_url": f"{settings.SITE_URL}/accounts/password/reset/key/2-abc/",
        "url": f"{settings.SITE_URL}/restoration/MTM6Y2Fu/",
        "changes": ["Your password was changed.", "An authenticator app was added."],
        "note": "We could not find the course you name.",
        "waits": False,
    }
    for name in account_mails():
        yield f"account-{name}", _rendered(name, context)
    more = {"waits": True, "note": "", "url": f"{settings.SITE_URL}/posts/{SLUG}/answer/"}
    yield "account-admitted-with-words", _rendered("account_admitted", {**context, **more})


def _rendered(name: str, context: dict[str, Any]) -> Any:
    return get_adapter().render_mail(f"account/email/{name}", "reader@example.org", context)


def _to_confirm() -> Iterator[tuple[str, Any]]:
    """Yield the mails in which an address confirms that it wants to follow something.

    One has asked for it; the other is on a list that the site has imported.
    """
    post = Post.objects.get(slug=SLUG)
    series = post.part.series
    request = RequestFactory().post("/", headers={"host": urlsplit(settings.SITE_URL).netloc})
    with request_context(request):
        yield (
            "following-confirm",
            _sent(lambda: by_mail.ask(request, "new@example.net", "post", Key(post.pk))),
        )
    about = ("series", Key(series.pk), series.title)
    yield "following-invite", _sent(lambda: by_mail.invite("old@example.net", *about))


def _sent(send: Any) -> Any:
    """Return the mail that `send` sends."""
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        send()
    (message,) = mail.outbox
    return message


def _mail(way: Way, told: Sequence[Notification], scope: str = "") -> Any:
    """Return the mail of notifications of one person, None if it says nothing."""
    rows = []
    for each in told:
        kind = kind_of(each.kind)
        assert kind is not None
        ways.choose(_reachable(each.recipient), f"group:{kind.group.name}", Way.SOON)
        event = (each.recipient_id, each.subject_id, each.target_id or 0, each.created_at)
        rows.append(outbox.row_for(kind, *event, scope))
    return _composed(way, rows)


def _reachable(person: User) -> User:
    """Return `person`, to whose confirmed address mail may go."""
    if not person.email:
        person.email = f"{person.handle}@example.org"
        person.save(update_fields=["email"])
    confirmed = {"email": person.email, "verified": True, "primary": True}
    EmailAddress.objects.get_or_create(user=person, defaults=confirmed)
    return person


def _composed(way: Way, rows: Sequence[Any]) -> Any:
    for number, row in enumerate(rows):
        row.pk, row.way = -number - 1, way
    return compose(uuid4(), rows).message
