"""Test every act on a comment, a thread or a person: one log row, and what the page offers then."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Admission, Role
from comments.actions import changes_of_mind
from comments.actions.changes_of_mind import Credit
from comments.models import ChangeKind
from comments.models.moderation import Action, Decision, ThreadReason
from comments.moderation import actions, sentences, states
from comments.moderation.cases import with_undo
from tests.factories import make_comment, make_user
from tests.reauthenticated import client_of

from .cases import Moderated


@dataclass(frozen=True)
class Act:
    """An act: its route, what it is about, the form, and the route that the page offers then.

    `page` is the route of that page, `before` are acts that lead to the state it begins from.
    """

    route: str
    about: str
    data: Mapping[str, str] = field(default_factory=dict)
    opposite: str = ""
    page: str = "moderation-case"
    before: tuple[str, ...] = ()


SPAM = {"reason": "spam"}
HEATED = {"reason": "heated"}
SETTLED = {"reason": "settled"}
DAYS = {"length": "3", "reason": "harassing"}
BAN = {"length": "ban", "reason": "advertising"}
DECLINE = {"wish": "decline", "note": "Typed with care."}
GRANT = {"role": "author", "wish": "grant"}
REVOKE = {"role": "author", "wish": "revoke"}

ACTS = {
    Action.APPROVE: Act("approval", "held", opposite="removal"),
    Action.REMOVE: Act("removal", "quiet", SPAM, opposite="restoration"),
    Action.REMOVE_BRANCH: Act(
        "removal", "quiet", {**SPAM, "with_replies": "on"}, opposite="restoration"
    ),
    Action.RESTORE: Act("restoration", "quiet", opposite="removal", before=(Action.REMOVE,)),
    Action.DISMISS: Act("dismissal", "flagged", opposite="removal"),
    Action.REOPEN: Act("dismissal-undo", "flagged", opposite="dismissal", before=(Action.DISMISS,)),
    Action.LOCK: Act("lock", "flagged", HEATED, opposite="unlock", page="lock"),
    Action.UNLOCK: Act(
        "unlock", "flagged", SETTLED, opposite="lock", page="lock", before=(Action.LOCK,)
    ),
    Action.CLOSE: Act(
        "discussion-close",
        "post",
        {"reason": "finished"},
        opposite="discussion-open",
        page="discussion-close",
    ),
    Action.OPEN: Act(
        "discussion-open",
        "post",
        SETTLED,
        opposite="discussion-close",
        page="discussion-close",
        before=(Action.CLOSE,),
    ),
    # Nothing makes a thread a reply again.
    Action.DETACH: Act("detachment", "flagged"),
    Action.RETAG: Act("retag", "flagged", {"stance": "same"}, opposite="retag"),
    Action.REMOVE_CHANGE: Act(
        "change-removal", "change", SPAM, opposite="change-restoration", page="change-removal"
    ),
    Action.RESTORE_CHANGE: Act(
        "change-restoration",
        "change",
        opposite="change-removal",
        page="change-removal",
        before=(Action.REMOVE_CHANGE,),
    ),
    Action.SUSPEND: Act("suspension", "person", DAYS, opposite="suspension-end", page="suspension"),
    Action.BAN: Act("suspension", "person", BAN, opposite="suspension-end", page="suspension"),
    Action.LIFT: Act(
        "suspension-end",
        "person",
        SETTLED,
        opposite="suspension",
        page="suspension",
        before=(Action.SUSPEND,),
    ),
    # An account that was let in is suspended, not declined.
    Action.ADMIT: Act("admission", "waiting", {"wish": "approve"}, page="requests"),
    Action.DECLINE: Act("admission", "waiting", DECLINE, opposite="admission", page="requests"),
    Action.GRANT: Act("roles", "person", GRANT, opposite="revoke", page="people"),
    Action.REVOKE: Act(
        "roles", "person", REVOKE, opposite="grant", page="people", before=(Action.GRANT,)
    ),
}
# Acts that ask for a reason.
EXPLAINED = {
    Action.REMOVE,
    Action.REMOVE_BRANCH,
    Action.LOCK,
    Action.UNLOCK,
    Action.CLOSE,
    Action.OPEN,
    Action.REMOVE_CHANGE,
    Action.SUSPEND,
    Action.BAN,
    Action.LIFT,
}


class EveryActTests(Moderated):
    """Every act that the log knows, each from the state in which a page offers it."""

    def setUp(self) -> None:
        make_comment(self.post, self.stranger, self.stances["different"])
        credit = Credit(
            giver=self.stranger,
            post=self.post,
            kind=ChangeKind.MOVED,
            words="I had not thought of who hands out the keys, and to whom they go.",
            was=self.stances["different"],
            to=self.stances["same"],
            comment=self.quiet,
        )
        self.change = changes_of_mind.give(credit)
        self.client = client_of(self.admin)
        make_user("wanda", admission=Admission.WAITING)

    def about(self, act: Act) -> Any:
        handle = {"person": "robin", "waiting": "wanda"}.get(act.about)
        about = handle or getattr(self, act.about)
        return about.slug if about == self.post else getattr(about, "pk", about)

    def carry_out(self, action: str) -> Any:
        act = ACTS[Action(action)]
        url = reverse(f"comments:{act.route}", args=[self.about(act)])
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(url, act.data)

    def prepare(self, action: Action) -> Act:
        act = ACTS[action]
        for earlier in act.before:
            assert self.carry_out(earlier).status_code == 302, earlier
            # As a browser does, which shows with it what was said.
            self.client.get("/")
        return act

    def each(self, do: Callable[[Action, Act], None], actions: Any = ACTS) -> None:
        """Call `do` for each of `actions` in a transaction that is rolled back."""
        for action in actions:
            with self.subTest(action), transaction.atomic():
                do(action, self.prepare(action))
                transaction.set_rollback(True)

    def page(self, act: Act) -> str:
        """Return the page that shows the state of what `act` is about."""
        about = {"q": "robin"} if act.page == "people" else {}
        names = [] if about or act.page == "requests" else [self.about(act)]
        return str(self.get(act.page, *names, **about).content.decode())

    def test_every_action_of_the_log_is_here(self) -> None:
        assert set(ACTS) == set(Action)

    def test_each_writes_one_row_that_says_what_changed(self) -> None:
        def check(action: Action, act: Act) -> None:
            count = Decision.objects.whole().count()
            assert self.carry_out(action).status_code == 302
            assert Decision.objects.whole().count() == count + 1
            row = Decision.objects.whole().first()
            assert row is not None
            assert row.action == action
            assert row.by == self.admin
            assert row.state_before
            assert row.state_after
            assert row.state_before != row.state_after
            assert bool(row.reason) == (action in EXPLAINED)
            assert "ines" in sentences.decided(row)
            assert states.label(row.state_before) != states.label(row.state_after)
            assert self.get("log").status_code == 200

        self.each(check)

    def test_each_is_refused_without_its_reason_and_writes_nothing(self) -> None:
        def check(action: Action, act: Act) -> None:
            count = Decision.objects.count()
            url = reverse(f"comments:{act.route}", args=[self.about(act)])
            for reason in ("", "nonsense", "harassing" if "length" not in act.data else "spam"):
                sent = {**act.data, "reason": reason, "note": "Typed with care."}
                page = self.client.post(url, sent)
                self.assertContains(page, "Typed with care.", status_code=422)
            assert Decision.objects.count() == count

        self.each(check, EXPLAINED)

    def test_afterwards_the_page_offers_the_opposite_and_not_the_same(self) -> None:
        def check(action: Action, act: Act) -> None:
            self.carry_out(action)
            page = self.page(act)
            if act.page == "people":
                assert f'name="wish" value="{act.opposite}"' in _form_of(page, "author")
            elif act.opposite:
                assert self.is_offered(page, act.opposite, act)
            once = {*ACTS} - {Action.RETAG, Action.GRANT, Action.REVOKE, Action.SUSPEND}
            if action in once - {Action.DECLINE}:
                assert not self.is_offered(page, act.route, act)

        self.each(check)

    def is_offered(self, page: str, route: str, act: Act) -> bool:
        url = reverse(f"comments:{route}", args=[self.about(act)])
        forms = [f'action="{url}"', f'hx-post="{url}"', f'href="{url}"']
        if route in {"suspension", "change-removal"}:
            # The form of the page itself has no address.
            forms += ['<form class="form" method="post">']
            return forms[-1] in page and "Change how long" not in page
        return any(form in page for form in forms)

    def test_a_suspended_person_is_not_offered_to_be_suspended(self) -> None:
        self.carry_out(Action.SUSPEND)
        page = self.page(ACTS[Action.SUSPEND])
        assert ">Suspend<" not in page
        assert "End the suspension" in page
        case = self.get("moderation-case", self.flagged.pk).content.decode()
        assert ">Suspend " not in case
        assert ">Suspension " in case

    def test_a_suspension_that_is_changed_says_both_ends(self) -> None:
        self.carry_out(Action.SUSPEND)
        self.send("suspension", "robin", {**DAYS, "length": "30"})
        row = Decision.objects.first()
        assert row is not None
        before, after = states.label(row.state_before), states.label(row.state_after)
        assert before.startswith("suspended until")
        assert after.startswith("suspended until")
        assert before != after

    def test_a_ban_is_not_given_twice(self) -> None:
        self.carry_out(Action.BAN)
        assert self.send("suspension", "robin", BAN).status_code == 422
        assert Decision.objects.filter(action=Action.BAN).count() == 1

    def test_the_desk_undoes_what_it_offers_to_undo(self) -> None:
        def check(action: Action, act: Act) -> None:
            self.carry_out(action)
            lately = self.get("moderation").context["lately"]
            if lately.url is None:
                return
            assert self.client.post(lately.url, lately.fields).status_code == 302
            last = Decision.objects.whole().first()
            assert last is not None
            assert last.pk > lately.decision.pk

        self.each(check)

    def test_the_author_locks_a_thread_of_theirs_on_a_page(self) -> None:
        self.sign_in(self.author)
        page = self.get("lock", self.flagged.pk)
        for reason in ThreadReason:
            self.assertContains(page, f'value="{reason}"')
        self.send("lock", self.flagged, {"reason": "heated", "note": "A pause."})
        page = self.get("lock", self.flagged.pk)
        self.assertContains(page, "because it has become a quarrel")
        self.assertContains(page, "A pause.")

    def test_links_lead_the_author_there_and_nobody_else(self) -> None:
        """From the first card of each thread, and from the studio to the discussion."""
        url, here = self.post.get_absolute_url(), reverse("comments:lock", args=[self.quiet.pk])
        reply = reverse("comments:lock", args=[self.flagged.pk])
        for person in (None, self.reader, self.other_author, self.suspended):
            self.client.logout()
            if person:
                self.sign_in(person)
            self.assertNotContains(self.client.get(url), here)
        for person in (self.moderator, self.author):
            self.sign_in(person)
            page = self.client.get(url)
            self.assertContains(page, f'<a href="{here}">Lock this thread<')
        self.assertNotContains(page, reply)
        self.send("lock", self.quiet, HEATED)
        self.assertContains(self.client.get(url), f'<a href="{here}">Unlock this thread<')
        for tab in ("studio-post", "studio-question", "studio-promises"):
            page = self.client.get(reverse(f"posts:{tab}", args=[self.post.pk]))
            self.assertContains(page, f'<a href="{url}#discussion">Discussion')
        self.author.banned_at = timezone.now()
        self.author.save()
        self.assertNotContains(self.client.get(url), here)

    def test_an_undo_ends_no_later_decision_by_somebody_else(self) -> None:
        person, root = self.reader, self.flagged.thread
        suspended = actions.suspend(person, by=self.moderator, days=1, reason="harassing").decision
        locked = actions.lock(root, by=self.moderator, reason="heated").decision
        actions.suspend(person, by=self.admin, days=None, reason="harassing")
        actions.unlock(root, by=self.admin, reason="mistake")
        actions.lock(root, by=self.admin, reason="besieged")
        for decision, route, about in (
            (suspended, "suspension-end", person.handle),
            (locked, "unlock", root.pk),
        ):
            assert decision
            undo = with_undo(decision)
            assert undo.url == reverse(f"comments:{route}", args=[about])
            before = Decision.objects.count()
            answer = self.client.post(undo.url, undo.fields)
            assert answer.status_code == 409
            assert "You have changed nothing." in answer.text
            assert Decision.objects.count() == before
            page = self.client.get(undo.url.removesuffix("undo/")).text
            form = page[page.index(f'action="{undo.url}"') :]
            seen = re.findall(r'name="seen" value="(\d+)"', form)[0]
            assert self.client.post(undo.url, {**SETTLED, "seen": seen}).status_code == 302
            assert Decision.objects.count() == before + 1

    def test_what_somebody_else_has_done_is_said(self) -> None:
        self.carry_out(Action.LOCK)
        page = self.client.post(
            reverse("comments:lock", args=[self.flagged.pk]), HEATED, follow=True
        )
        self.assertContains(page, "ines locked this thread")
        assert Decision.objects.count() == 1


class OldRowTests(Moderated):
    """Rows of the log that were written before keep their meaning."""

    def row(self, action: Action, **fields: Any) -> Decision:
        return Decision.objects.create(
            action=action, by=self.moderator, decided_at=timezone.now(), **fields
        )

    def test_reasons_about_comments_still_explain_a_suspension(self) -> None:
        row = self.row(
            Action.SUSPEND,
            person=self.reader,
            reason="off_topic",
            state_before="free",
            state_after="suspended",
        )
        assert "because what they wrote is off topic" in sentences.decided(row)
        assert states.label(row.state_after) == "suspended"

    def test_a_lock_without_a_reason_is_said_without_one(self) -> None:
        row = self.row(
            Action.LOCK, comment=self.quiet, state_before="published", state_after="published"
        )
        assert sentences.decided(row) == "june locked this thread just now."
        self.sign_in(self.admin)
        self.assertContains(self.get("log"), "published → published")

    def test_a_role_is_named(self) -> None:
        row = self.row(Action.GRANT, person=self.reader, state_after=Role.MODERATOR)
        assert "the role moderator" in sentences.decided(row)
        row = self.row(Action.REVOKE, person=self.reader, state_before=Role.MODERATOR)
        assert "the role moderator" in sentences.decided(row)

    def test_the_suspended_reader_reads_why_in_either_words(self) -> None:
        assert "because what you wrote is spam" in sentences.suspension_sentence("spam", None)
        assert "because you harassed" in sentences.suspension_sentence("harassing", None)


def _form_of(page: str, role: str) -> str:
    """Return the form that grants or revokes `role` on the page of people."""
    start = page.index(f'name="role" value="{role}"')
    return page[start : page.index("</form>", start)]
