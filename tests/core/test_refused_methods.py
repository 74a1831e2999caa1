"""Test that a request by the wrong method gets a page that leads on, on every route."""

import re
from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.cast import Cast
from tests.factories import make_comment
from tests.test_public_and_personal_pages import TOKEN

WAY = re.compile(r'page__ways"><a class="button button--main" href="([^"]+)"')
# A value for each converter of an address.
VALUES = {"id": 1, "slug": "a-post", "str": "robin", "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


def taking_only_forms(patterns: list[URLPattern | URLResolver], above: str = "/") -> Iterator[str]:
    """Yield an address for each route of a view that only takes what a button sends."""
    for pattern in patterns:
        address = above + PLACE.sub(_value, str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from taking_only_forms(pattern.url_patterns, address)
        elif hasattr(pattern.callback, "takes_only_forms"):
            yield address


def _value(place: re.Match[str]) -> str:
    return str(VALUES.get(place[1] or "str", "robin"))


class RefusedMethodTests(Cast):
    """Reading what only takes a form, and sending a form to what is only read."""

    def test_every_address_of_a_form_leads_to_a_page(self) -> None:
        addresses = list(taking_only_forms(get_resolver().url_patterns))
        self.assertGreater(len(addresses), 20)
        for address in addresses:
            answer = Client().get(address)
            self.assertContains(answer, "Nothing was changed", status_code=405)
            self.assertEqual(answer.headers["Allow"], "POST")
            [way] = WAY.findall(answer.text)
            self.assertTrue(way == "/" or address.startswith(way) and way != address)
            self.assertFalse(hasattr(resolve(way).func, "takes_only_forms"), address)

    def test_the_way_opens(self) -> None:
        comment = make_comment(self.post, self.stranger)
        self.sign_in(self.admin)
        for route, which, page in (
            ("roles", "robin", "/@robin/"),
            ("well-argued-withdrawal", comment.pk, f"/comments/{comment.pk}/well-argued/"),
            ("me-read", None, "/me/notifications/"),
            ("approval-undo", comment.pk, f"/comments/{comment.pk}/"),
            ("withdrawal", self.post.slug, f"/posts/{self.post.slug}/answer/"),
        ):
            address = reverse(f"comments:{route}", args=[which] if which else [])
            [way] = WAY.findall(self.client.get(address).text)
            self.assertEqual(way, page)
            self.assertEqual(self.client.get(way, follow=True).status_code, 200)

    def test_a_page_that_is_only_read_gives_back_what_was_typed(self) -> None:
        client = Client(enforce_csrf_checks=True)  # which reads the form, as for everybody
        [token] = TOKEN.findall(client.get("/accounts/login/").text)[:1]
        form = {"body": "Words nobody should lose.", "csrfmiddlewaretoken": token}
        answer = client.post("/archive/?by=series", form)
        self.assertContains(answer, "can only be read", status_code=405)
        self.assertContains(answer, "Words nobody should lose.", status_code=405)
        self.assertEqual(WAY.findall(answer.text), ["/archive/"])
