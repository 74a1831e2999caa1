"""Test logo and icon of the site: through the form, and where readers see them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from core import limits
from pictures import deleting
from pictures.models import Picture
from publication import current
from publication.models import SiteProfile
from tests.core.images import hostile

from .test_views import PREVIEW, UNDO, URL, SettingsCase

LOGO, ICON = hostile.picture(size=(400, 100)), hostile.picture("JPEG", size=(300, 300))


# One of each kind; tests/core/images/test_cleaning.py has all of them.
HOSTILE = ("an SVG", "50,000 x 50,000", "a bomb", "cut off", "a thousand frames", "nothing")
SENT = {"based_on": "0", "name": "The Rota", "language": "en", "time_zone": "UTC"}


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


class PictureTests(SettingsCase):
    """Pictures of the site."""

    def setUp(self) -> None:
        super().setUp()
        folder = Path(settings.DATA_DIR) / self.id()
        self.enterContext(override_settings(MEDIA_ROOT=folder))

    def upload(self, address: str = URL, **files: bytes) -> Any:
        """Send the form with `files` by the names of their fields, and another tagline."""
        sent = {f"{name}-file": named(f"{name}.png", file) for name, file in files.items()}
        said = {"typefaces": "reading", "tagline": "Typed besides"}
        return self.client.post(address, {**SENT, **said, **sent, "based_on": self.newest()})

    def newest(self) -> int:
        """Return the number of the newest version."""
        return SiteProfile.objects.count()

    def stored(self) -> set[str]:
        """Return the names of all files."""
        folder = Path(settings.MEDIA_ROOT)
        return {path.name for path in folder.iterdir()} if folder.exists() else set()

    def queries_of_the_front_page(self) -> int:
        """Return their number in a process that knows no profile; one is for an outdated page."""
        current.know(None)
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(Client().get("/").status_code, 200)
        return len(queries)

    def test_everybody_sees_the_logo_until_it_is_taken_away(self) -> None:
        self.queries_of_the_front_page()
        self.assertRedirects(self.save(name="The Rota"), URL)
        before = self.queries_of_the_front_page()
        self.assertRedirects(self.upload(logo=LOGO, icon=ICON), URL)
        saved = SiteProfile.objects.latest("number")
        assert saved.logo is not None
        self.assertEqual(self.queries_of_the_front_page(), before)
        public = Client().get("/")
        self.assertContains(
            public,
            f'<img class="brand__logo" src="{saved.logo.address}" width="384" height="96" '
            'alt="The Rota">',
        )
        self.assertEqual(Client().get(saved.logo.address).status_code, 200)
        page = self.client.get(URL)
        self.assertContains(page, f'value="{saved.logo.name}"')
        self.assertRedirects(self.save(name="The Rota"), URL)
        self.assertEqual(SiteProfile.objects.latest("number").logo, saved.logo)
        self.assertRedirects(self.save(**{"logo-removed": "on"}), URL)
        self.assertNotContains(Client().get("/"), "brand__logo")

    def test_browsers_and_phones_are_told_name_colours_and_icons(self) -> None:
        def asked(client: Client) -> tuple[Any, list[str]]:
            answer = client.get("/manifest.webmanifest")
            self.assertEqual(answer["Content-Type"], "application/manifest+json")
            self.assertFalse({"Vary", "Set-Cookie"} & set(answer.headers))
            icons = answer.json()["icons"]
            self.assertEqual([icon["sizes"] for icon in icons], ["192x192", "512x512", "512x512"])
            return answer, [icon["src"] for icon in icons]

        before, shipped = asked(Client())
        self.assertEqual(before.json()["theme_color"], "#fbf8f1")
        for address in shipped:
            assert finders.find(address.removeprefix("/static/")), address
        page = Client().get("/")
        for scheme, colour in (("light", "#fbf8f1"), ("dark", "#161412")):
            meta = f'content="{colour}" media="(prefers-color-scheme: {scheme})"'
            self.assertContains(page, f'<meta name="theme-color" {meta}>')
        self.assertContains(page, "favicon.svg")
        self.assertContains(page, '<link rel="manifest" href="/manifest.webmanifest">')
        self.upload(icon=ICON)
        own, addresses = asked(self.client)
        self.assertEqual(own.json()["name"], "The Rota")
        self.assertEqual(own.content, asked(Client())[0].content)
        sizes = [Image.open(BytesIO(b"".join(Client().get(each)))).size for each in addresses]
        self.assertEqual(sizes, [(192, 192), (512, 512), (512, 512)])
        page = Client().get("/")
        self.assertNotContains(page, "favicon.svg")
        self.assertContains(
            page,
            f'<link rel="apple-touch-icon" href="/media/{Picture.objects.get().digest}-180.png">',
        )

    def test_each_hostile_file_is_refused_at_the_field_and_all_else_is_kept(self) -> None:
        refused = hostile.refused()
        for what in HOSTILE:
            file, sentence = refused[what]
            with self.subTest(what):
                answer = self.upload(logo=file)
                (said,) = answer.context["form"].errors["logo"]
                self.assertIn(sentence, said)
                self.assertContains(answer, "Typed besides", status_code=422)
                self.assertContains(answer, said.partition("(")[0], status_code=422)
        small = self.upload(icon=LOGO).context["form"].errors["icon"]
        self.assertIn("180 pixels", str(small))
        self.assertEqual((SiteProfile.objects.count(), Picture.objects.count()), (0, 0))
        self.assertEqual(self.stored(), set())

    def test_of_a_file_that_is_two_things_the_picture_is_stored(self) -> None:
        self.upload(logo=hostile.with_metadata()["a GIF that is a script"])
        (name,) = self.stored()
        self.assertNotIn(hostile.MARKER, (Path(settings.MEDIA_ROOT) / name).read_bytes())

    def test_a_picture_outlives_the_refusal_of_another_field(self) -> None:
        sent = self.form(name="", **{"logo-file": named("logo.png", LOGO)})
        refused = self.client.post(URL, sent)
        self.assertEqual(refused.status_code, 422)
        kept = refused.context["form"]["logo"].value()
        self.assertContains(refused, f'src="/media/{kept}"', status_code=422)
        self.assertRedirects(self.save(logo=kept), URL)
        self.assertEqual(SiteProfile.objects.get().logo, Picture.objects.get())
        for name in (f"{'0' * 64}.png", "\0", "../private/handle.key"):
            gone = self.client.post(URL, {**SENT, "logo": name})
            self.assertContains(gone, "This picture is no longer here", status_code=422)

    def test_going_back_finds_the_picture_of_every_version(self) -> None:
        self.upload(logo=LOGO)
        self.save(**{"logo-removed": "on"})
        self.upload(icon=ICON)
        unused = self.client.post(PREVIEW, self.form(**{"logo-file": named("x.png", ICON)}))
        self.assertEqual(unused.status_code, 200)
        Picture.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
        deleting.delete_unused()
        # Nor does it go with the account of the admin.
        deleting.delete_of(self.admin)
        self.assertEqual(Picture.objects.count(), 2)
        self.client.post(UNDO, {"number": 1, "based_on": 3})
        self.assertContains(Client().get("/"), "brand__logo")

    def test_two_admins_see_each_others_logo(self) -> None:
        self.upload(logo=LOGO)
        mine = self.form(name="Mine")
        self.upload(logo=ICON)
        answer = self.client.post(URL, mine)
        self.assertContains(answer, "384 × 96 pixels, PNG", status_code=409)
        self.assertContains(answer, "96 × 96 pixels, JPG", status_code=409)

    def test_a_preview_shows_a_logo_that_is_not_saved(self) -> None:
        sent = self.form(**{"logo-file": named("logo.png", LOGO)})
        answer = self.client.post(PREVIEW, sent)
        self.assertContains(answer, '<img class="brand__logo"', count=2)
        sent["logo-file"] = named("logo.png", LOGO)
        part = self.client.post(PREVIEW, sent, headers={"hx-request": "true"})
        kept = f'name="logo" value="{Picture.objects.get().name}"'
        self.assertContains(part, '<img class="brand__logo"', count=2)
        self.assertContains(part, 'id="pictures" hx-swap-oob="true"')
        self.assertContains(part, kept)
        del sent["logo-file"]
        part = self.client.post(PREVIEW, sent, headers={"hx-request": "true"})
        self.assertNotContains(part, 'id="pictures"')
        self.assertFalse(SiteProfile.objects.exists())

    def test_a_form_that_is_too_large_is_told_so(self) -> None:
        large = bytes(limits.UPLOAD_BYTES)
        self.assertContains(self.upload(logo=large), "too long", status_code=413)
        self.assertEqual(self.upload(logo=large[: limits.PICTURE_BYTES + 1]).status_code, 422)
        elsewhere = self.client.post("/accounts/email/", {"x": named("x", large)})
        self.assertEqual(elsewhere.status_code, 413)
