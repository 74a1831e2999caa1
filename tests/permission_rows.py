"""Make the rows that the table of permissions names, for `tests.test_permissions`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from accounts import drafts
from accounts.admission import invitations
from accounts.admission.models import Invitation
from accounts.drafts import FormPlace
from accounts.models import Admission, Role, User
from accounts.restoring import links
from accounts.restoring.models import AccountSnapshot, SnapshotAddress
from comments.actions import changes_of_mind, stances, states
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import Draft, post_comment
from comments.closings.writing import ClosingDraft, write
from comments.models import ChangeKind, Comment, CommentState, StanceSource
from comments.models.moderation import Flag
from comments.moderation.actions import close_discussion, lock
from core.jobs.worker import JobWorker
from notifications import feed_tokens
from notifications.deliverability.models import ArticlePause, PauseReason
from notifications.following import links as links_of_follows
from notifications.following.actions import follow
from notifications.mailing import scopes
from notifications.mailing.scopes import MailLink
from notifications.models import Subscription
from notifications.subscribers import importing, offered
from notifications.subscribers.reading import read
from notifications.targets import Key
from pictures import files
from posts.actions import PromiseInput, set_promises, throw_away
from posts.models import Part, Post
from posts.site_settings.preview import Preview
from posts.studio.preview import preview_url
from publication.models import SiteProfile
from tests.cast import Cast
from tests.core.images import hostile
from tests.core.jobs import samples
from tests.factories import make_comment, make_post, make_question, make_series, make_user

CLOSING = "Some of you keep the two apart, and some will not have it. Both had reasons. " * 2
# Rows that belong to the person who acts; all others are made once for all roles.
OF_THE_ACTOR = {
    "thrown_draft",
    "steelman_to_judge", "own_answer", "closing_answered", "own", "own_old", "own_held",
    "own_follow", "list_of_subscribers", "picture_file",
}  # fmt: skip
# The arguments of a route, and the fields of its form.
Target = tuple[list[Any], dict[str, Any]]


class World:
    """The rows that a case acts on, made for one actor."""

    def __init__(self, case: Cast, actor: User | AnonymousUser) -> None:
        self.case = case
        self.actor = actor

    def target(self, name: str) -> Target:
        """Return the arguments of the route and what the form says besides."""
        if not name:
            return [], {}
        made = getattr(self, f"make_{name}")()
        return made if isinstance(made, tuple) else ([made], {})

    def make_restoration(self) -> str:
        """Return the token of a link that puts somebody's account back."""
        now, person = timezone.now(), self.case.stranger
        made = AccountSnapshot.objects.create(user=person, as_of=now, created_at=now)
        address = SnapshotAddress.objects.create(snapshot=made, email="a@b.example", primary=True)
        return links.address_of(address).rstrip("/").rpartition("/")[2]

    def make_mail_link(self) -> str:
        """Return the token of a link in a mail to somebody."""
        return scopes.token_of(MailLink(self.case.stranger.pk, "group:replies"))

    def make_look(self) -> str:
        """Return what names the style sheet of the newest profile."""
        made, _new = SiteProfile.objects.get_or_create(number=1, typefaces="plain")
        return made.look

    def make_site_look(self) -> str:
        """Return what the style sheet of a preview has in its address."""
        return Preview(SiteProfile()).look.rpartition("/")[2].removesuffix(".css")

    def make_picture(self) -> str:
        """Return the name of a file of a picture."""
        files.write(name := f"{'0' * 64}.png", b"")
        return name

    def make_feed_token(self) -> str:
        """Return the token of the feed of somebody else."""
        return feed_tokens.make(self.case.stranger)

    def make_no_feed_token(self) -> str:
        """Return what is no token of a feed but has the length of one."""
        return "x" * 43

    def make_draft_place(self) -> Target:
        """Return what names the form of a comment."""
        return [], {"form": reverse("comments:answer", args=[self.case.post.slug])}

    def make_thrown_draft(self) -> Target:
        """Return what names a draft that the person who acts has thrown away."""
        arguments, more = self.make_draft_place()
        if isinstance(self.actor, User):
            drafts.throw_away(self.actor.pk, FormPlace(more["form"]), {"body": ["Half."]})
        return arguments, more

    def make_post(self) -> str:
        return self.case.post.slug

    def make_followed(self) -> Target:
        return ["post", self.case.post.pk], {"follow": "1"}

    def make_followed_by_address(self) -> Target:
        return ["post", self.case.post.pk], {"email": "pat@example.org"}

    def make_mailed_link(self) -> str:
        self._follow_by_mail(token_hash=links_of_follows.hash_of("drawn"), mailed_at=timezone.now())
        return "drawn"

    def make_mailed_list(self) -> Target:
        row = self._follow_by_mail(confirmed_at=timezone.now())
        signed = links_of_follows.to_list(row).rstrip("/").rpartition("/")[2]
        return [signed], {"one": row.pk, "follow": "0"}

    def make_followed_draft(self) -> Target:
        draft = make_post(self.case.author, published_at=None)
        return ["post", draft.pk], {"follow": "1"}

    def make_own_follow(self) -> int:
        if not isinstance(self.actor, User):
            return 1
        return follow(self.actor, "post", Key(self.case.post.pk)).pk

    def make_others_follow(self) -> int:
        return follow(self.case.stranger, "post", Key(self.case.post.pk)).pk

    def make_draft(self) -> str:
        return make_post(self.case.author, published_at=None).slug

    def make_seen(self) -> Target:
        return [self.case.post.slug], {"version": "1"}

    def make_seen_draft(self) -> Target:
        return [self.make_draft()], {"version": "1"}

    def make_others_draft(self) -> str:
        return make_post(self.case.other_author, published_at=None).slug

    def make_scheduled(self) -> str:
        return make_post(self.case.author, published_at=timezone.now() + timedelta(days=1)).slug

    def make_series(self) -> str:
        series = make_series(self.case.author)
        post = make_post(self.case.author)
        Part.objects.create(series=series, position=1, title="Part", post=post)
        return series.slug

    def make_own_post(self) -> int:
        return make_post(self.case.author).pk

    def make_others_post(self) -> int:
        return make_post(self.case.other_author).pk

    def make_own_draft(self) -> int:
        return make_post(self.case.author, published_at=None).pk

    def make_binned(self) -> int:
        return throw_away(make_post(self.case.author, published_at=None), by=self.case.author).pk

    def make_asking_draft(self) -> int:
        post = make_post(self.case.author, published_at=None)
        make_question(post)
        return post.pk

    def make_own_asking_post(self) -> int:
        return self._asking_post(self.case.author)

    def make_others_asking_post(self) -> int:
        return self._asking_post(self.case.other_author)

    def make_sealing(self) -> Target:
        return [self.make_own_asking_post()], {"stance": "same", "opens_after": "9"}

    def make_others_draft_pk(self) -> int:
        return make_post(self.case.other_author, published_at=None).pk

    def make_preview(self) -> str:
        return self._preview_token(make_post(self.case.author, published_at=None))

    def make_others_preview(self) -> str:
        return self._preview_token(make_post(self.case.other_author, published_at=None))

    def make_promise(self) -> Target:
        post = make_post(self.case.author)
        [promise] = set_promises(post, [PromiseInput("There will be more.")])
        return [post.pk, promise.pk], {}

    def make_own_series(self) -> int:
        return make_series(self.case.author).pk

    def make_others_series(self) -> int:
        return make_series(self.case.other_author).pk

    def make_part(self) -> Target:
        series = make_series(self.case.author)
        first = Part.objects.create(series=series, position=1, title="First")
        Part.objects.create(series=series, position=2, title="Second")
        return [series.pk, first.pk], {}

    def make_later_part(self) -> Target:
        """Return the second part of a series whose first asks a question."""
        series = make_series(self.case.author)
        asking, later = make_post(self.case.author), make_post(self.case.author)
        make_question(asking)
        for position, post in enumerate((asking, later), start=1):
            Part.objects.create(series=series, position=position, title="Part", post=post)
        return [later.pk], {"part": 1}

    def make_strange_part(self) -> Target:
        _series, part = self.make_part()[0]
        return [make_series(self.case.author).pk, part], {}

    def make_comment(self) -> int:
        return make_comment(self.case.post, self.case.stranger).pk

    def make_steelman(self) -> int:
        """Return a best reason for Same, by somebody who answers Different."""
        writer = make_user(is_demo=True)
        make_comment(self.case.post, writer, self.case.stances["different"])
        draft = Draft(writer, self.case.post, "One job.", argues_for=self.case.stances["same"])
        return post_comment(draft).comment.pk

    def make_steelman_to_judge(self) -> int:
        """Return a best reason for the answer that the actor gives."""
        self._answer("same")
        return self.make_steelman()

    def make_own_answer(self) -> str:
        self._answer("different")
        return self.case.post.slug

    def make_change(self) -> int:
        """Return a change of mind between two people who are nobody else here."""
        comment = make_comment(self.case.post, self.case.stranger)
        giver = make_user(is_demo=True)
        make_comment(self.case.post, giver)
        credit = Credit(
            giver=giver,
            post=self.case.post,
            kind=ChangeKind.SOFTENED,
            words="It was the part about who writes the rota that made me doubt.",
            was=self.case.stances["different"],
            comment=comment,
        )
        return changes_of_mind.give(credit).pk

    def make_closed(self) -> str:
        """Return a post that its author has summed up, citing both answers that are live."""
        stances = [self.case.stances[key] for key in ("different", "same")]
        for stance in stances * 5:
            make_comment(self.case.post, make_user(is_demo=True), stance)
        cited = Comment.objects.filter(post=self.case.post).values_list("pk", flat=True)[:2]
        write(ClosingDraft(self.case.post, self.case.author, CLOSING, list(cited)))
        return self.case.post.slug

    def make_closing_again(self) -> Target:
        slug = self.make_closed()
        cited = dict(Comment.objects.filter(citations__gt=0).values_list("stance__key", "pk"))
        sent = {f"{key}-cited": pk for key, pk in cited.items()}
        return [slug], {"body": f"{CLOSING} And so on.", "based_on": "1", **sent}

    def make_closing_answered(self) -> str:
        """Return such a post, and let the actor give one of its answers."""
        slug = self.make_closed()
        if self.actor.is_authenticated:
            self._written_by_actor(timezone.now() - timedelta(days=2))
        return slug

    def make_own(self) -> int:
        return self._written_by_actor(timezone.now() - timedelta(minutes=2)).pk

    def make_own_old(self) -> int:
        return self._written_by_actor(timezone.now() - timedelta(days=2)).pk

    def make_own_held(self) -> int:
        comment = self._written_by_actor(timezone.now() - timedelta(minutes=2))
        return states.change_state(comment, to=CommentState.HELD, held_reason="links").pk

    def make_held(self) -> int:
        stance = self.case.stances["same"]
        return post_comment(Draft(make_user(), self.case.post, "Held.", stance=stance)).comment.pk

    def make_approved(self) -> int:
        pk = self.make_held()
        client = Client()
        client.force_login(self.case.moderator)
        client.post(reverse("comments:approval", args=[pk]))
        return pk

    def make_removed(self) -> int:
        pk = self.make_comment()
        client = Client()
        client.force_login(self.case.moderator)
        client.post(reverse("comments:removal", args=[pk]), {"reason": "spam"})
        return pk

    def make_flagged(self) -> int:
        pk = self.make_comment()
        Flag.objects.create(comment_id=pk, reporter=make_user(), reason="spam")
        return pk

    def make_dismissed(self) -> int:
        pk = self.make_flagged()
        client = Client()
        client.force_login(self.case.moderator)
        client.post(reverse("comments:dismissal", args=[pk]))
        return pk

    def make_locked(self, by: User | None = None) -> int:
        pk = self.make_comment()
        lock(Comment.objects.get(pk=pk), by=by or self.case.author, reason="heated")
        return pk

    def make_locked_by_moderator(self) -> int:
        return self.make_locked(self.case.moderator)

    def make_ended(self, by: User | None = None) -> str:
        """Return a post whose discussion is closed."""
        post = Post.objects.get(pk=self.case.post.pk)  # that of the case stays open
        close_discussion(post, by=by or self.case.author, reason="finished")
        return self.case.post.slug

    def make_ended_by_moderator(self) -> str:
        return self.make_ended(self.case.moderator)

    def make_reply(self) -> int:
        root = make_comment(self.case.post, self.case.stranger)
        return make_comment(self.case.post, self.case.stranger, parent=root).pk

    def make_reply_locked(self) -> Target:
        return [self.case.post.slug], {"parent": self.make_locked()}

    def make_reply_elsewhere(self) -> Target:
        other = make_post(self.case.author)
        make_question(other)
        return [self.case.post.slug], {"parent": make_comment(other, self.case.stranger).pk}

    def make_stranger(self) -> str:
        return make_user().handle

    def make_waiting(self) -> str:
        return make_user(admission=Admission.WAITING).handle

    def make_new_invitation(self) -> Target:
        return [], {"last_day": f"{timezone.localdate()}", "form_key": str(uuid4())}

    def make_invitation(self) -> int:
        return self._invitation()[0].pk

    def make_invitation_link(self) -> str:
        return self._invitation()[1].rstrip("/").rpartition("/")[2]

    def make_article_pause(self) -> int:
        """Return the id of a pause of articles."""
        return ArticlePause.objects.create(reason=PauseReason.BOUNCES).pk

    def make_picture_file(self) -> Target:
        """Return the form with a picture."""
        return [], {"picture-file": SimpleUploadedFile("tea.png", hostile.picture())}

    def make_following_address(self) -> int:
        """Return the id of a subscription of an address without an account."""
        row = Subscription(address="pat@example.org", target="site", target_id=1)
        row.confirmed_at = timezone.now()
        row.save()
        return row.pk

    def make_list_of_subscribers(self) -> Target:
        """Return the form with a file of addresses."""
        file = SimpleUploadedFile("list.csv", b"email\npat@example.org\n")
        follows = f"author:{self.case.author.pk}"
        return [], {"form_key": str(uuid4()), "follows": follows, "file": file}

    def make_subscriber_import(self) -> int:
        """Return the id of a list of addresses that was not imported yet."""
        what = offered.find("author", Key(self.case.author.pk))
        assert what
        rows = read(b"email\npat@example.org\n")
        by, now = self.case.admin, timezone.now()
        return importing.try_out(rows, what, form_key=uuid4(), by=by, now=now).pk

    def make_other_moderator(self) -> str:
        return make_user("", Role.MODERATOR).handle

    def make_suspended_other(self) -> str:
        person = make_user()
        client = Client()
        client.force_login(self.case.moderator)
        url = reverse("comments:suspension", args=[person.handle])
        client.post(url, {"reason": "advertising", "length": "1"})
        return person.handle

    def make_failed_job(self) -> str:
        samples.fail_for_good.enqueue()
        JobWorker().turn()
        return str(Job.objects.failed().get().pk)

    def _invitation(self) -> tuple[Invitation, str]:
        until = timezone.now() + timedelta(days=1)
        return invitations.make(
            by=self.case.admin, label="Spring", uses=1, ends_at=until, form_key=uuid4()
        )

    def _follow_by_mail(self, **values: Any) -> Subscription:
        what = {"target": "post", "target_id": self.case.post.pk}
        return Subscription.objects.create(address="pat@example.org", **what, **values)

    def _asking_post(self, author: User) -> int:
        post = make_post(author)
        make_question(post)
        return post.pk

    def _preview_token(self, post: Post) -> str:
        return preview_url(post).removeprefix("/preview/").removesuffix("/")

    def _answer(self, key: str) -> None:
        stances.record(
            reader=self.actor,  # type: ignore[arg-type]
            question=self.case.post.question,
            version=self.case.post.question.versions.get(),
            stance=self.case.stances[key],
            source=StanceSource.BARE,
        )

    def _written_by_actor(self, when: datetime) -> Comment:
        """Write as the actor, whom a suspension may have hit since."""
        assert isinstance(self.actor, User)
        row = User.objects.filter(handle=self.actor.handle)
        row.update(suspended_until=None)
        stance = self.case.stances["same"]
        comment = make_comment(self.case.post, row.get(), stance, now=when)
        row.update(suspended_until=self.actor.suspended_until)
        return comment
