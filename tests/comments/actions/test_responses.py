"""Test that an edit leaves a mark once anybody has acted on the words, and none after a flag."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import changes_of_mind, edits, reactions, steelmen
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import Draft, answer_question, delete_comment, post_comment
from comments.actions.edits import edit_comment
from comments.integrity import faults
from comments.me.erasure import erase
from comments.models import (
    ChangeKind,
    Citation,
    Closing,
    Comment,
    CommentRevision,
)
from comments.models.moderation import Flag
from comments.moderation import actions as moderating
from core.markdown.html import PIPELINE_VERSION
from tests.cast import Cast
from tests.factories import make_comment, make_user

CHEATS = 20
# What a form makes anew for each page.
_FRESH = re.compile(
    r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*|"(?:made_at|last_login)": "[^"]*"'
)
# The relations of a comment that are no response to its words, and why.
NO_RESPONSE = {
    "flags": "kept from the writer",
    "revisions": "its own earlier texts",
    "stance_records": "the answers that its writer gave with it",
    "appraisal": "computed from reactions",
    "badge_changes": "computed from reactions",
}


def summed_up(comment: Comment, author: User) -> None:
    """Let a closing cite `comment`."""
    closing = Closing.objects.create(
        post=comment.post,
        number=1,
        body="So much for that.",
        body_html="<p>So much for that.</p>",
        markup_version=PIPELINE_VERSION,
        beginning="So much for that.",
        written_by=author,
    )
    Citation.objects.create(closing=closing, comment=comment)


class FreshComment(Cast):
    """A comment of the reader, a minute old: a small edit is silent."""

    comment: ClassVar[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the comment, once for all tests of the class."""
        super().setUpTestData()
        cls.comment = cls.fresh()

    @classmethod
    def fresh(cls) -> Comment:
        """Return a new comment of the reader."""
        draft = Draft(cls.reader, cls.post, "You are all fools.", stance=cls.stances["same"])
        moment = timezone.now() - timedelta(minutes=1)
        return post_comment(draft, now=moment).comment

    def edit(self, body: str = "You are all friends.") -> Comment:
        return edit_comment(self.comment, by=self.reader, body=body)

    def is_marked(self) -> bool:
        """Edit, and return whether readers learn of it; the mark and the earlier text agree."""
        comment = self.edit()
        revision = comment.revisions.get()
        assert (comment.edited_at is not None) == revision.is_public
        return revision.is_public


class ManySmallEditsTests(FreshComment):
    """Edits that are small one by one count together."""

    def test_together_they_may_not_replace_the_text_silently(self) -> None:
        texts = ["a" * 90, "a" * 90 + "b" * 60, "c" * 90 + "b" * 60]
        marks = [self.edit(text).edited_at is not None for text in texts]
        assert marks == [False, True, True]

    def test_a_correction_that_is_taken_back_and_made_again_stays_silent(self) -> None:
        for text in ("You are all fools!" + "a" * 60, "You are all fools.", "You are all friends."):
            assert self.edit(text).edited_at is None


class ResponseTests(FreshComment):
    """Every act on the words ends silent edits."""

    def reply(self) -> None:
        make_comment(self.post, self.stranger, parent=self.comment, body="I agree, every word.")

    def praise(self) -> None:
        reactions.press(self.comment, by=self.stranger)

    def credit(self) -> None:
        make_comment(self.post, self.stranger, self.stances["different"])
        credit = Credit(
            self.stranger,
            self.post,
            ChangeKind.SOFTENED,
            "It was the part about who writes the rota that made me doubt.",
            was=self.stances["different"],
            comment=self.comment,
        )
        changes_of_mind.give(credit)

    def verdict(self) -> None:
        target = self.stances["different"]
        Comment.objects.filter(pk=self.comment.pk).update(kind="steelman", argues_for=target)
        self.comment.refresh_from_db()
        answer_question(reader=self.stranger, question=self.post.question, stance=target)
        steelmen.judge(self.comment, by=self.stranger, is_fair=True)

    def cite(self) -> None:
        summed_up(self.comment, self.author)

    def decide(self) -> None:
        moderating.remove(self.comment, by=self.moderator, reason="spam")
        moderating.restore(self.comment, by=self.moderator)

    def acts(self) -> dict[str, Callable[[], None]]:
        """Return an act on the comment for each relation that is a response."""
        return {
            "replies": self.reply,
            "reactions": self.praise,
            "changes_of_mind": self.credit,
            "steelman_verdicts": self.verdict,
            "citations": self.cite,
            "decisions": self.decide,
        }

    def test_every_relation_of_a_comment_is_a_response_or_has_a_reason(self) -> None:
        relations = {
            relation.get_accessor_name()
            for relation in Comment._meta.related_objects
            if not relation.hidden
        }
        assert relations == {*edits.RESPONSES, *NO_RESPONSE}
        assert set(self.acts()) == set(edits.RESPONSES)

    def test_nobody_has_acted(self) -> None:
        assert not self.is_marked()

    def test_after_each_act_an_edit_is_public(self) -> None:
        for name, act in self.acts().items():
            with self.subTest(name), transaction.atomic():
                act()
                assert self.is_marked()
                page = self.client.get(reverse("comments:history", args=[self.comment.pk]))
                self.assertContains(page, "fools")
                transaction.set_rollback(True)

    def test_what_was_taken_back_or_is_the_writers_own_does_not_count(self) -> None:
        self.praise()
        reactions.take_back(self.comment, by=self.stranger)
        self.credit()
        changes_of_mind.revoke(self.comment.changes_of_mind.get())
        delete_comment(make_comment(self.post, self.stranger, parent=self.comment))
        make_comment(self.post, self.reader, parent=self.comment)
        assert not self.is_marked()

    def test_between_the_silent_and_the_free_window_a_reply_keeps_the_words_public(self) -> None:
        moment = timezone.now() - timedelta(minutes=10)
        Comment.objects.filter(pk=self.comment.pk).update(created_at=moment)
        self.comment.refresh_from_db()
        self.reply()
        assert self.is_marked()

    def test_the_form_says_that_the_words_stay_readable(self) -> None:
        self.sign_in(self.reader)
        url, notice = (
            reverse("comments:edit", args=[self.comment.pk]),
            "the earlier version stays public",
        )
        self.assertNotContains(self.client.get(url), notice)
        self.reply()
        self.assertContains(self.client.get(url), notice)

    def test_later_texts_count_on_from_the_time_of_the_edit_before(self) -> None:
        self.edit("You are all friends.")
        self.edit("You are all my friends.")
        first, second = self.comment.revisions.order_by("number")
        assert (first.number, second.number) == (1, 2)
        assert second.written_at == first.replaced_at


class FlagAloneTests(FreshComment):
    """After a flag alone nobody but moderators sees a mark."""

    def flag(self, by: User | None = None) -> Flag:
        reporter = by or self.stranger
        return moderating.raise_flag(self.comment, by=reporter, reason="attack").flag

    def addresses(self) -> list[str]:
        """Return every page that shows the comment or may say something about it."""
        on_comment = ("permalink", "text", "history", "edit", "deletion", "well-argued", "changes")
        return [
            self.post.get_absolute_url(),
            f"{self.post.get_absolute_url()}?thread={self.comment.pk}",
            f"{self.post.get_absolute_url()}?stance=same&sort=newest",
            *(reverse(f"comments:{name}", args=[self.comment.pk]) for name in on_comment),
            *(reverse(f"comments:stances{kind}", args=[self.post.slug]) for kind in ("", "-json")),
            *(reverse(f"comments:{name}") for name in ("me", "my-comments", "export")),
            self.reader.get_absolute_url(),
        ]

    def pages(self) -> dict[tuple[str, str], str]:
        """Return what each person but moderators gets from every address, without fresh keys."""
        found = {}
        people = {"anonymous": None, "writer": self.reader, "reader": self.other_author}
        for name, person in people.items():
            client = Client()
            if person:
                client.force_login(person)
            for address in self.addresses():
                body = client.get(address, follow=True).content.decode()
                found[name, address] = _FRESH.sub("", body)
        return found

    @contextmanager
    def undone(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def test_every_page_looks_as_after_a_silent_edit(self) -> None:
        now = timezone.now()

        def edited() -> dict[tuple[str, str], str]:
            edit_comment(self.comment, by=self.reader, body="You are all friends.", now=now)
            return self.pages()

        with self.undone():
            silent = edited()
        with self.undone():
            self.flag()
            flagged = edited()
        with self.undone():
            self.flag()
            moderating.dismiss(self.comment, by=self.moderator)
            dismissed = edited()
        self.assertEqual(silent, flagged)
        export = ("writer", reverse("comments:export"))
        del dismissed[export], silent[export]  # a person may see all decisions about them
        self.assertEqual(silent, dismissed)

    def test_the_case_shows_the_words_as_flagged_beside_the_present_ones(self) -> None:
        self.flag()
        self.edit()
        self.sign_in(self.moderator)
        page = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        self.assertContains(page, "You are all fools.")
        self.assertContains(page, "You are all friends.")
        self.assertContains(page, "about earlier words")
        self.assertRegex(page.content.decode(), r"<del><span [^>]*>\[removed: </span>fools<span")
        self.assertRegex(page.content.decode(), r"<ins><span [^>]*>\[added: </span>friends<span")
        self.assertContains(page, reverse("comments:history", args=[self.comment.pk]))

    def test_a_flag_after_the_edit_is_about_the_present_words(self) -> None:
        self.edit()
        assert self.flag().text_number == 2
        self.sign_in(self.moderator)
        page = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        self.assertNotContains(page, "The words as reported")

    def test_each_flag_names_the_text_it_was_raised_on(self) -> None:
        first = self.flag()
        self.edit()
        second = self.flag(self.author)
        self.edit("You are all geniuses.")
        third = self.flag(self.other_author)
        assert [flag.text_number for flag in (first, second, third)] == [1, 2, 3]
        self.sign_in(self.moderator)
        page = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        texts = page.context["case"].reported
        assert [(text.revision.number, text.reports) for text in texts] == [(1, 1), (2, 1)]
        self.assertEqual(list(faults()), [])

    def test_an_edit_between_form_and_report_does_not_change_what_is_reported(self) -> None:
        self.sign_in(self.stranger)
        url = reverse("comments:flags", args=[self.comment.pk])
        seen = self.client.get(url).context["form"]["seen"].value()
        self.edit()
        self.client.post(url, {"reason": "attack", "seen": seen})
        assert Flag.objects.get().text_number == 1
        nonsense = {"reason": "attack", "seen": "no such token"}
        client = Client()
        client.force_login(self.author)
        client.post(url, nonsense)
        assert Flag.objects.get(reporter=self.author).text_number == 2

    def test_after_a_dismissal_silently_changed_words_can_be_reported_anew(self) -> None:
        self.flag()
        moderating.dismiss(self.comment, by=self.moderator)
        assert self.flag().decision is not None
        self.edit()
        assert self.flag().decision is None
        assert Flag.objects.count() == 2

    def test_hostile_words_stay_words_in_the_comparison(self) -> None:
        self.flag()
        self.edit("<script>alert(1)</script>")
        self.sign_in(self.moderator)
        page = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        self.assertNotContains(page, "<script>alert")
        self.assertContains(page, "script")

    def test_texts_of_readers_are_for_moderators_alone(self) -> None:
        self.flag()
        self.edit()
        for person in (self.reader, self.stranger, self.author, self.other_author):
            assert not CommentRevision.objects.readable_by(person).exists()
        assert CommentRevision.objects.readable_by(self.moderator).exists()

    def test_what_an_erasure_takes_is_missed_by_nobody(self) -> None:
        self.flag()
        self.edit()
        erase(self.reader, delete_texts=False)
        assert not self.comment.revisions.exists()
        self.assertEqual(list(faults()), [])
        self.sign_in(self.moderator)
        page = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        self.assertNotContains(page, "You are all fools.")

    def test_a_flag_on_a_text_that_is_not_kept_is_found(self) -> None:
        Flag.objects.filter(pk=self.flag().pk).update(text_number=7)
        [line] = faults()
        assert "number 7, is not kept" in str(line)


class CheatTests(FreshComment):
    """Twenty accounts of one person gain nothing by flags and edits."""

    def test_the_words_as_first_reported_stay_on_the_desk(self) -> None:
        """Others report each later text, harmless as it is, and the first is still there."""
        moderating.raise_flag(self.comment, by=self.stranger, reason="attack")
        for number in range(CHEATS):
            self.edit(f"You are all {number} times friends.")
            moderating.raise_flag(self.comment, by=make_user(is_demo=True), reason="other")
        self.sign_in(self.moderator)
        page = self.client.get(reverse("comments:moderation-case", args=[self.comment.pk]))
        self.assertContains(page, "You are all fools.")
        assert len(page.context["case"].reported) == CHEATS

    def test_their_praise_does_not_move_to_other_words(self) -> None:
        for _number in range(CHEATS):
            reactions.press(self.comment, by=make_user(is_demo=True))
        assert self.is_marked()

    def test_no_account_learns_of_a_flag_by_an_edit_of_its_own(self) -> None:
        """Of twenty comments one is flagged; after a small edit of each all look alike."""
        marks = set()
        for number in range(CHEATS):
            draft = Draft(
                make_user(is_demo=True), self.post, "You fools.", stance=self.stances["same"]
            )
            comment = post_comment(draft).comment
            if number == CHEATS // 2:
                moderating.raise_flag(comment, by=self.stranger, reason="attack")
            edited = edit_comment(comment, by=comment.author, body="You friends.")
            history = reverse("comments:history", args=[comment.pk])
            page = self.client.get(history).content.decode()
            marks.add((edited.edited_at, "until" in page, "early changes are not kept" in page))
        assert marks == {(None, False, True)}
