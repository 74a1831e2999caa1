"""Test the acts on a card: what each person is offered, that it leads somewhere, and the number."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions
from comments.models import Comment
from tests.cast import Cast
from tests.factories import make_comment, make_user
from tests.reauthenticated import client_of

HTMX = {"HX-Request": "true"}
ALL = ["Quote", "Link", "Changed my mind", "Report"]
DECIDED = ["Change the answer", "Lock this thread", "Remove", "Open the case"]


class CardActsTests(Cast):
    """One comment of the stranger's, months old."""

    def setUp(self) -> None:
        self.settle_at_once()
        self.comment = make_comment(self.post, self.stranger, self.stances["same"])

    def footer(self, person: User | None, comment: Comment | None = None) -> str:
        """Return the acts on the card, as `person` sees them."""
        client = client_of(person) if person else Client()
        page = client.get(self.post.get_absolute_url()).text
        start = page.index(f'id="comment-{(comment or self.comment).pk}"')
        return page[page.index("<footer>", start) : page.index("</footer>", start)]

    def menu(self, person: User | None, comment: Comment | None = None) -> dict[str, str]:
        """Return the addresses in the menu by their words."""
        menu = self.footer(person, comment).partition("<details")[2]
        found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', menu)
        return {words: address for address, words in found}

    def test_each_is_offered_what_they_may_do_and_it_is_there(self) -> None:
        offered = {
            None: [],
            self.reader: ALL,
            self.author: [*ALL, "Lock this thread"],
            self.moderator: [*ALL, *DECIDED],
            self.suspended: ["Link"],
            self.stranger: ["Quote", "Link"],
        }
        for person, words in offered.items():
            menu = self.menu(person)
            self.assertEqual(list(menu), words, person)
            client = client_of(person) if person else Client()
            for address in menu.values():
                where = address if address[0] == "/" else self.post.get_absolute_url() + address
                answer = client.get(where.partition("#")[0], follow=True)
                self.assertEqual(answer.status_code, 200, where)

    def test_its_writer_changes_it_in_the_line_itself(self) -> None:
        own = make_comment(self.post, self.reader, self.stances["same"], now=timezone.now())
        line = self.footer(self.reader, own).partition("<details")[0]
        self.assertEqual(re.findall(r">([A-Z][a-z ]+)</a>", line), ["Reply", "Edit", "Delete"])
        self.assertNotIn("Well argued", line)

    def test_a_menu_says_whose_comment_it_is_about(self) -> None:
        said = f'<summary aria-label="More: {self.stranger.handle}">'
        self.assertIn(said, self.footer(self.reader))
        self.assertEqual(re.findall(r">([A-Z][a-z]+)</a>", self.footer(None)), ["Reply", "Report"])

    def test_the_answer_to_a_press_has_the_new_number(self) -> None:
        client, address = client_of(self.reader), self.address()
        for number, where in ((1, address), (0, f"{address}withdrawal/"), (1, address)):
            pill = client.post(where, headers=HTMX).text
            self.assertEqual(f">{number}</a>" in pill, number > 0)
            self.assertIn(f'aria-pressed="{"true" if number else "false"}"', pill)

    def test_a_press_on_a_young_comment_is_noted_and_no_number_told(self) -> None:
        young = make_comment(
            self.post, self.stranger, self.stances["same"], now=timezone.now() - timedelta(hours=2)
        )
        reactions.press(young, by=self.moderator)
        pill = client_of(self.reader).post(self.address(young), headers=HTMX).text
        self.assertIn("Noted: well argued.", pill)
        self.assertNotIn('class="split', pill)

    def test_a_mark_that_waits_says_so_beside_the_line(self) -> None:
        newcomer = make_user(joined_at=timezone.now())
        pill = client_of(newcomer).post(self.address(), headers=HTMX).text
        self.assertIn('data-announce="Noted. Your mark counts from', pill)
        self.assertIn('aria-label="Yours counts from', pill)
        self.assertNotIn("counts from", re.sub("<[^>]*>", "", pill))
        panel = client_of(newcomer).get(f"{self.address()}split/").text
        self.assertIn("Yours counts from", panel)
        self.assertNotIn("counts from", Client().get(f"{self.address()}split/").text)

    def test_ones_own_and_the_suspended_see_the_number_alone(self) -> None:
        for person in (self.stranger, self.suspended):
            self.assertNotIn("Well argued", self.footer(person))
        reactions.press(self.comment, by=self.reader)
        for person in (self.stranger, self.suspended):
            line = self.footer(person)
            self.assertIn('<span class="press">Well argued</span><a class="split"', line)
            self.assertNotIn('<button class="press"', line)

    def test_somebody_signed_out_comes_back_to_the_comment(self) -> None:
        page = Client().get(self.address()).text
        back = self.comment.get_absolute_url()
        self.assertIn(f"{reverse('account_login')}?next={back}", page)

    def address(self, comment: Comment | None = None) -> str:
        return reverse("comments:well-argued", args=[(comment or self.comment).pk])
