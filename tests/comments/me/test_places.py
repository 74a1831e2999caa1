"""Test the places of a person: in the menu of their name, and beside each of their pages."""

import re

from django.urls import reverse

from tests.cast import Cast

PLACES = (
    ("comments:me", "Notifications"),
    ("comments:my-comments", "My comments"),
    ("comments:my-drafts", "My drafts"),
    ("comments:my-saved", "Saved for later"),
    ("following:mine", "What I follow"),
    ("comments:my-settings", "Settings"),
    ("people:account", "Account"),
)


def links_in(html: str) -> dict[str, str]:
    """Return the words of the links in `html` by their address."""
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)', html)
    return {address: words.strip() for address, words in found}


class PlacesTests(Cast):
    """Each place is one press away, under one name."""

    def setUp(self) -> None:
        self.sign_in(self.reader)

    def test_the_menu_of_a_name_leads_to_each(self) -> None:
        page = self.client.get(self.post.get_absolute_url()).text
        menu = page[page.index('class="menu__panel"') : page.index("Sign out")]
        for route, words in PLACES:
            with self.subTest(words):
                self.assertEqual(links_in(menu).get(reverse(route)), words)
        self.assertNotIn("Site settings", menu)

    def test_each_page_marks_its_own_and_leads_to_the_others(self) -> None:
        for here, _words in PLACES:
            page = self.client.get(reverse(here)).text
            places = page[page.index('class="places"') :]
            places = places[: places.index("</nav>")]
            with self.subTest(here):
                self.assertEqual(links_in(places), {reverse(each): words for each, words in PLACES})
                current = re.findall(r'<a href="([^"]+)" aria-current="page"', places)
                self.assertEqual(current, [reverse(here)])

    def test_an_admins_menu_has_the_site_too(self) -> None:
        self.sign_in(self.admin)
        self.assertContains(self.client.get(reverse("posts:home")), "Site settings")

    def test_a_visitor_has_none(self) -> None:
        self.client.logout()
        self.assertNotContains(self.client.get(reverse("posts:home")), "My drafts")
