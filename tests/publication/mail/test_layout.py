"""Test the layout of mail: written into elements, in both themes, and the parts of a text."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import TestCase, override_settings

from publication.mail.layout import blocks_of, html_of_text
from tests.factories import make_user

LINK = "https://rota.example/accounts/password/reset/key/2-abc/"


@override_settings(SITE_URL="https://rota.example")
class LayoutTests(TestCase):
    """A mail that is written as text."""

    def test_parts_of_a_text(self) -> None:
        text = f"Hello,\n\nhere it is:\n{LINK}\n\nK7QW-X3DM\n\n- one\n- two\n\nThe Rota"
        kinds = [(block.kind, block.lines) for block in blocks_of(text)]
        assert kinds == [
            ("text", ["Hello,"]),
            ("text", ["here it is:"]),
            ("link", [LINK]),
            ("code", ["K7QW-X3DM"]),
            ("list", ["one", "two"]),
            ("text", ["The Rota"]),
        ]

    def test_only_addresses_of_the_site_are_buttons(self) -> None:
        for line in ("https://evil.example/x", "https://rota.example.evil.example/", f"see {LINK}"):
            assert blocks_of(line)[0].kind == "text", line

    def test_it_reads_in_both_themes_without_pictures_or_scripts(self) -> None:
        html = html_of_text("Title", f"Hello,\n\n{LINK}\n\nThe Rota")
        assert '<meta name="color-scheme" content="light dark">' in html
        assert "@media (prefers-color-scheme: dark)" in html
        assert 'class="button" href="https://rota.example/' in html
        assert 'style="' in html
        for absent in ("<img", "<script", "<link", "url("):
            assert absent not in html

    def test_the_button_says_what_it_does(self) -> None:
        text = f"Hello,\n\n{LINK}\n\nThe Rota"
        assert ">Undo the change</a>" in html_of_text("Title", text, "Undo the change")
        make_user("robin", email="robin@example.org")
        with self.settings(SITE_URL="http://testserver"):
            self.client.post("/accounts/password/reset/", {"email": "robin@example.org"})
        (message,) = mail.outbox
        assert isinstance(message, EmailMultiAlternatives)
        ((html, _kind),) = message.alternatives
        assert ">Choose a new password</a>" in str(html)
        assert "Open the page" not in str(html)

    def test_what_people_wrote_is_no_html(self) -> None:
        html = html_of_text("<b>x</b>", "<script>alert(1)</script>\n\nThe Rota")
        assert "<script" not in html
        assert "&lt;script&gt;" in html

    def test_codes_come_in_the_layout(self) -> None:
        make_user("robin", email="robin@example.org")
        self.client.post("/accounts/login/code/", {"email": "robin@example.org"}, follow=True)
        for message in mail.outbox:
            assert isinstance(message, EmailMultiAlternatives)
            ((html, kind),) = message.alternatives
            assert kind == "text/html"
            assert str(message.body).split()[0] == "Hello,"
            assert '<p class="code"' in str(html)
        assert mail.outbox
