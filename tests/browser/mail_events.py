"""Cause an event of every kind of notification in the demonstration; runs inside the site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Role, User
from comments import notifications as told
from comments.actions import changes_of_mind, edits
from comments.actions.comments import Draft, post_comment
from comments.models import ChangeOfMind, Citation, Closing, Comment, CommentRevision
from comments.models.moderation import Decision
from comments.moderation import actions as moderating
from comments.moderation.actions.people import lift_suspension
from comments.ranking.stored_columns import VerdictCount
from notifications.deliverability.kinds import ARTICLES_PAUSED
from notifications.deliverability.models import ArticlePause, PauseReason
from notifications.kinds import NotificationKind
from posts import notifications as published
from posts.models import Post, Promise, SealedAnswer

SLUG = "management-and-leadership"
FOLLOW_UP = "the-two-duties"
NOTE = "Please say it again without the last line: the rest is worth reading."
FIRST_WORDS = (
    "I have managed for eleven years and led for two of them, on good days. What I would not give "
    "up is the rota: it is the one promise to a team that can be kept every week."
)


@dataclass(frozen=True)
class MailEvent:
    """What one person is told: a kind, and the ids of the subject and of the target.

    `follows` is what brings an article to them: a type and an id.
    """

    kind: NotificationKind
    recipient: User
    subject: int
    target: int
    follows: tuple[str, int] | None = None


def events() -> Iterator[MailEvent]:
    """Yield an event of each kind, the moment it has happened: the next may change its words."""
    post = Post.objects.get(slug=SLUG)
    yield from _of_comments(post)
    yield from _decided_about_comments(post)
    yield from _about_minds()
    yield from _about_summaries(post)
    yield from _about_accounts()
    yield from _of_articles(post)


def _person(handle: str) -> User:
    return User.objects.get(handle=handle)


def _writing(post: Post, handle: str, body: str, parent: Comment | None = None) -> int:
    """Return the id of a new comment of three days ago, one of a newcomer is held."""
    stance = post.question.stances.get(key="overlap")
    draft = Draft(_person(handle), post, body, parent=parent, stance=stance)
    ago = timedelta(days=2 if parent else 3)
    return post_comment(draft, now=timezone.now() - ago).comment.pk


def _of_comments(post: Post) -> Iterator[MailEvent]:
    reader = _person("reader")
    root = Comment.objects.filter(post=post, author=reader, depth=0, state="published")[:1].get()
    reply = _writing(post, "carla.m", "Both of mine were promoted for the wrong one.", root)
    yield MailEvent(told.REPLY, reader, reply, reply)
    named = _writing(post, "thandi_n", "As @reader says, a title asks for nothing. What does?")
    yield MailEvent(told.MENTION, reader, named, named)
    for kind in (told.THREAD_REPLY, told.ANSWER_COMMENT, told.POST_COMMENT):
        yield MailEvent(kind, _person("oleks"), named, named)


def _decided_about_comments(post: Post) -> Iterator[MailEvent]:
    known = {"email": "kim@example.org", "password": make_password(None), "name": "Kim Arden"}
    kim = User.objects.create(handle="kim.arden", **known)
    pk, by = _writing(post, kim.handle, FIRST_WORDS), _person("moderator")

    def decided(kind: NotificationKind) -> MailEvent:
        latest = Decision.objects.filter(comment=pk).latest("pk")
        return MailEvent(kind, kim, latest.pk, pk)

    def comment() -> Comment:
        return Comment.objects.get(pk=pk)

    moderating.approve(comment(), by=by)
    yield decided(told.APPROVED)
    moderating.reopen(comment(), by=by)
    yield decided(told.HELD_AGAIN)
    moderating.approve(comment(), by=by)
    moderating.remove(comment(), by=by, reason="off_topic", note=NOTE)
    yield decided(told.REMOVED)
    moderating.restore(comment(), by=by)
    yield decided(told.RESTORED)
    moderating.retag(comment(), by=by, stance=post.question.stances.get(key="different"))
    yield decided(told.RETAGGED)
    above = Comment.objects.filter(post=post, depth=0, state="published").exclude(author=kim)[0]
    pk = _writing(post, kim.handle, FIRST_WORDS, above)
    moderating.approve(comment(), by=by)
    moderating.detach(comment(), by=by)
    yield decided(told.MOVED)


def _about_minds() -> Iterator[MailEvent]:
    by = _person("moderator")
    waiting = ChangeOfMind.objects.readable().filter(confirmed_at=None, disputed_at=None)
    agreed, disputed = waiting.filter(comment__isnull=False).order_by("pk")[:2]
    assert agreed.comment is not None
    yield MailEvent(told.CREDIT, agreed.comment.author, agreed.pk, agreed.pk)
    changes_of_mind.answer(agreed, agrees=True, note="")
    yield MailEvent(told.CONFIRMED, agreed.giver, agreed.pk, agreed.pk)
    changes_of_mind.answer(disputed, agrees=False, note="The duties, I meant: not the titles.")
    yield MailEvent(told.DISPUTED, disputed.giver, disputed.pk, disputed.pk)
    moderating.remove_change(agreed, by=by, reason="off_topic", note=NOTE)
    latest = Decision.objects.filter(change=agreed.pk).latest("pk")
    yield MailEvent(told.CREDIT_REMOVED, agreed.giver, latest.pk, agreed.pk)
    moderating.restore_change(agreed, by=by)
    latest = Decision.objects.filter(change=agreed.pk).latest("pk")
    yield MailEvent(told.CREDIT_RESTORED, agreed.giver, latest.pk, agreed.pk)


def _about_summaries(post: Post) -> Iterator[MailEvent]:
    reader, closing = _person("reader"), Closing.objects.filter(post=post).latest("pk")
    cited = Citation.objects.filter(closing=closing)[0].comment
    yield MailEvent(told.CITED, cited.author, closing.pk, post.pk)
    for kind in (told.CLOSING_WAITS, told.CLOSING_CHANGED):
        yield MailEvent(kind, reader, closing.pk, post.pk)
    yield MailEvent(told.CLOSING_DROPPED, reader, _edited(cited.pk), post.pk)
    reasons = Comment.objects.readable().filter(argues_for__isnull=False)
    fair = next(each for each in reasons if VerdictCount.parse(each.verdicts).is_fair)
    yield MailEvent(told.JUDGED_FAIR, fair.author, fair.pk, fair.pk)
    yield MailEvent(told.VERDICT_DROPPED, reader, _edited(fair.pk), fair.pk)
    sealed = SealedAnswer.objects.filter(opened_at__isnull=False)[:1].get()
    yield MailEvent(told.UNSEALED, sealed.author, sealed.pk, sealed.pk)


def _edited(pk: int) -> int:
    """Return the id of the revision that a comment gets by an edit."""
    comment = Comment.objects.get(pk=pk)
    body = f"{comment.body}\n\nI would add: on most days nobody can tell, and that is the point."
    edits.edit_comment(
        comment, by=comment.author, body=body, now=comment.created_at + timedelta(hours=1)
    )
    return CommentRevision.objects.filter(comment=comment).latest("pk").pk


def _about_accounts() -> Iterator[MailEvent]:
    admin, person = _person("admin"), _person("fen.walker")

    def decided(kind: NotificationKind, who: User) -> MailEvent:
        who.refresh_from_db()
        latest = Decision.objects.latest("pk")
        return MailEvent(kind, who, latest.pk, who.pk)

    moderating.suspend(person, by=admin, days=3, reason="attacks", note="Cool off, and come back.")
    yield decided(told.SUSPENDED, person)
    lift_suspension(person, by=admin, reason="mistake")
    yield decided(told.SUSPENSION_ENDED, person)
    doubles = [
        User.objects.create(
            handle=handle,
            name="Robin Vale",
            email=f"{handle}@example.org",
            password=make_password(None),
        )
        for handle in ("robin.vale", "rv-1970")
    ]
    moderating.grant_role(doubles[0], by=admin, role=Role.AUTHOR)
    yield decided(told.ROLE_GRANTED, doubles[0])
    yield decided(told.NAME_HIDDEN, doubles[1])
    figures = {"sent": 1200, "bounces": 66, "complaints": 2}
    pause = ArticlePause.objects.create(reason=PauseReason.BOUNCES, **figures)
    yield MailEvent(ARTICLES_PAUSED, admin, pause.pk, pause.pk)


def _of_articles(post: Post) -> Iterator[MailEvent]:
    reader, part = _person("reader"), Post.objects.get(slug=FOLLOW_UP)
    for kind, follows in (
        (published.NEXT_PART, ("series", part.part.series_id)),
        (published.AUTHOR_PUBLISHED, ("author", _person("author").pk)),
        (published.SITE_PUBLISHED, ("site", 1)),
    ):
        yield MailEvent(kind, reader, part.pk, part.pk, follows)
    promise = Promise.objects.filter(post=post)[0]
    follows = ("promise", promise.pk)
    yield MailEvent(published.PROMISE_KEPT, reader, promise.pk, part.pk, follows)
