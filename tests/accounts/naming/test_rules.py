"""Test which display names are allowed, as people who would pass for somebody else try them."""

from typing import ClassVar

from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import FormerHandle, Role, User
from accounts.naming import hiding, rules
from core.exceptions import ActionRefused
from core.text import look
from tests.at_once import at_once
from tests.cast import Cast
from tests.core.test_looks import MODERATORS
from tests.factories import make_user

# Each passes for "Ada Marsh", an author, in most typefaces.
ADAS = [
    "Ada Marsh",
    "ada marsh",
    "AdaMarsh",
    "A.d.a M.a.r.s.h",
    "Ada Marsh.",
    "Ada Marsh…",
    "Аdа Mаrsh",  # Cyrillic А and а
    "Ａｄａ Ｍａｒｓｈ",
    "Ada\u200b Marsh",
    "Ada\u2009Marsh",
    "Àdá Mârsh",
    "Ada Marsh ✓",
    "𝒜𝒹𝒶 Marsh",
    "ada-marsh",
    "Ada Marѕh",  # Cyrillic ѕ
    "Ada Mar5h",
    "@da Marsh",
    "\u200fAda Marsh",
    "Ada Ma\u00adrsh",
    "Ada Marsh ♦",
    "@ada-marsh",
    "Ada Marsh!",
    "|Ada Marsh|",
    "(Ada) Marsh",
]
RESERVED = ["Moderator", "The Moderator", "Admin", "Site admin", "Official Robin", "Counterpoint"]
# Signs between words, or around them, hide none that claims a role.
RESERVED += [
    *("Moderator!", "@moderator", "!Admin!", "Site-Moderator", "Admin/Robin", "moderator_robin"),
    *("Robin (moderator)", "staff:robin", "Moderator,Robin", "moderator·robin", "@counterpoint"),
]


class CheatTests(Cast):
    """Accounts that try to pass for the author, for a moderator, or for the site."""

    ada: ClassVar[User]

    @classmethod
    def setUpTestData(cls) -> None:
        """Give the author a name."""
        super().setUpTestData()
        cls.author.name = "Ada Marsh"
        cls.author.save()

    def save(self, person: User, name: str, handle: str = "") -> int:
        """Send the form as `person` and return the status."""
        self.sign_in(person)
        data = {"handle": handle or person.handle, "name": name}
        response = self.client.post(reverse("people:handle"), data)
        person.refresh_from_db()
        return response.status_code

    def test_nobody_is_called_like_the_author(self) -> None:
        for number, name in enumerate(ADAS):
            with self.subTest(ascii(name)):
                cheat = make_user(f"cheat-{number}x")
                assert self.save(cheat, name) == 422
                assert cheat.name == ""

    def test_nobody_is_called_like_a_moderator(self) -> None:
        for number, name in enumerate([*MODERATORS, *RESERVED]):
            with self.subTest(ascii(name)):
                cheat = make_user(f"cheat-{number}x")
                assert self.save(cheat, name) == 422
                assert cheat.name == ""

    def test_nobody_is_called_like_the_handle_of_staff(self) -> None:
        for name in ("june", "Junе", "J U N E", "Ines", "otto", "@june", "@ines", "June!"):
            with self.subTest(name):
                assert self.save(self.reader, name) == 422

    def test_a_former_handle_of_staff_is_theirs_too(self) -> None:
        actions.change_names(self.moderator, handle="juniper", name="")
        assert self.save(self.reader, "June") == 422
        FormerHandle.objects.update(released_at=timezone.now())
        assert self.save(self.reader, "June") == 302

    def test_what_was_typed_is_kept_and_the_refusal_says_what_to_do(self) -> None:
        self.sign_in(self.reader)
        data = {"handle": "robin", "name": "Аdа Marsh"}
        page = self.client.post(reverse("people:handle"), data)
        self.assertContains(page, "Аdа Marsh", status_code=422)
        self.assertContains(page, "Please choose another name, or leave it empty", status_code=422)

    def test_two_readers_may_have_one_name(self) -> None:
        for person in (self.reader, self.stranger):
            assert self.save(person, "Alex Kim") == 302
        assert self.stranger.display_name == "Alex Kim"

    def test_a_name_written_as_a_handle_looks_like_nobody_elses(self) -> None:
        """Who has no name is called by the handle, so that would be theirs."""
        for name in ("sam", "s\u0430m", "@sam", "sam .", "robin"):
            assert self.save(self.reader, name) == (302 if name == "robin" else 422), name
        assert self.save(self.reader, "Sam") == 302

    def test_nor_does_a_handle_look_like_a_name_written_as_one(self) -> None:
        """In either order two people would be called alike."""
        for name in ("quentin", "@quentin"):
            assert self.save(self.reader, name) == 302
            assert self.save(self.stranger, "", "quentin") == 422, name
        User.objects.filter(pk=self.reader.pk).update(name_hidden_at=timezone.now())
        assert self.save(self.stranger, "", "quentin") == 302
        hiding.show_again()
        self.reader.refresh_from_db()
        assert self.reader.display_name == "robin"

    def test_a_name_that_nobody_sees_is_refused(self) -> None:
        for name in ("\u3164", "\u2060\u2060", "\u200d"):
            assert self.save(self.reader, name) in {302, 422}
            assert self.reader.name == "", name

    def test_ones_own_handle_is_a_name_for_everyone(self) -> None:
        for person in (self.reader, self.author, self.moderator):
            assert self.save(person, person.handle.title()) == 302

    def test_authors_and_staff_may_not_look_like_anybody(self) -> None:
        make_user("paula-k", name="Paula Kern")
        for name in ("Paula Kern", "paula k", "Robin", "Ada Mаrsh"):
            assert self.save(self.moderator, name) == 422
        assert self.save(self.moderator, "June Oduya") == 302

    def test_a_handle_may_not_look_like_the_name_of_an_author(self) -> None:
        for handle in ("ada-marsh", "adamarsh", "Ada.Marsh", "adamar5h"):
            assert self.save(self.reader, "", handle) == 422
        assert self.save(self.author, "Ada Marsh", "ada.marsh") == 302

    def test_nor_at_the_sign_up(self) -> None:
        data = {
            "email": "new@example.org",
            "name": "ada-marsh",
            "password1": "every colour of the evening",
        }
        page = self.client.post(reverse("account_signup"), data)
        assert "name" in page.context["form"].errors
        assert not User.objects.filter(email="new@example.org").exists()

    def test_suspended_and_banned_staff_keep_their_names(self) -> None:
        User.objects.filter(pk=self.author.pk).update(banned_at=timezone.now())
        assert self.save(self.reader, "Ada Marsh") == 422

    def test_imported_writers_follow_the_rule_when_they_claim_their_account(self) -> None:
        imported = make_user("old-blog", claimed_at=None)
        assert self.save(imported, "Ada Marsh") == 422

    def test_the_name_of_an_erased_author_is_free(self) -> None:
        self.author.erase()
        assert self.author.name_look == ""
        assert self.save(self.reader, "Ada Marsh") == 302

    def test_a_name_of_signs_looks_like_nobody(self) -> None:
        for person in (self.reader, self.stranger):
            assert self.save(person, "★ ★") == 302

    def test_names_in_other_scripts_are_names(self) -> None:
        for name in ("山田太郎", "محمد علي", "Олександр", "Γιώργος", "दीपा"):
            assert self.save(self.reader, name) == 302

    def test_the_name_one_has_is_not_checked_again(self) -> None:
        User.objects.filter(pk=self.reader.pk).update(name="Ada Marsh", name_look=look("Ada Marsh"))
        assert self.save(self.reader, "Ada Marsh", "robin2") == 302


class AtOnceTests(TransactionTestCase):
    """The check and the write are under one lock."""

    def test_two_authors_cannot_take_one_name_at_once(self) -> None:
        people = [make_user(f"author-{letter}", Role.AUTHOR) for letter in "abcdef"]
        outcomes = at_once(
            *(
                lambda person=person: actions.change_names(
                    person, handle=person.handle, name="Zoë Quote"
                )
                for person in people
            )
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, ActionRefused)]
        assert len(refused) == len(people) - 1
        assert User.objects.filter(name="Zoë Quote").count() == 1

    def test_a_reserved_handle_has_a_reserved_name(self) -> None:
        for word in ("moderator", "Moderators", "owner", "Mods"):
            assert rules.is_reserved(word)
        assert not rules.is_reserved("Modesty Blaise")
