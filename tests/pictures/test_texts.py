"""Test that a picture stays as long as a stored text names it, and what an account may store."""

import ast
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TransactionTestCase
from django.utils import timezone

from accounts.models import KeptForm
from core import limits
from core.images.refusal import PictureRefused
from pictures import deleting, texts
from pictures.models import Picture
from pictures.purposes import Purpose
from pictures.storing import store
from posts.actions import save_draft
from tests.at_once import at_once
from tests.comments.closings.cases import WORDS, ClosingCase
from tests.core.images import hostile
from tests.factories import make_series, make_user
from tests.posts.studio.forms import fields_of

NEW = "/studio/posts/new/"
# Each module that renders with `Profile.POST`, with the columns of that text: all are registered,
# but those of posts, for which `note_pictures` stores a row each. The rest stores nothing.
RENDERED: dict[str, set[str]] = {
    "comments/closings/writing.py": {"comments.Closing.body_html"},
    "comments/management/commands/rerender_bodies.py": {"comments.Closing.body_html"},
    "posts/actions/posts.py": set(),
    "posts/actions/series.py": {"posts.Series.description_html"},
    "posts/rerendering.py": {"posts.Series.description_html"},
    "posts/studio/preview.py": set(),
    "posts/text/plain_text.py": set(),
    "site/core/markdown/parser.py": set(),
    "site/core/markdown/html.py": set(),
    "site/core/markdown/policy.py": set(),
    "site/core/markdown/rules.py": set(),
    "site/publication/pages.py": {
        f"publication.SiteProfile.{page}" for page in ("about", "imprint", "privacy", "rules")
    },
}


def modules_with_post_html() -> set[str]:
    """Return the paths of all modules that name `Profile.POST`."""
    root = Path(settings.BASE_DIR)
    folders = ("comments", "notifications", "posts", "site")
    modules = (path for folder in folders for path in (root / folder).rglob("*.py"))
    return {
        str(path.relative_to(root))
        for path in modules
        if "Profile.POST" in path.read_text(encoding="utf-8")
        and any(_is_profile(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }


def _is_profile(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "Profile.POST"


def test_each_text_with_pictures_is_registered() -> None:
    assert modules_with_post_html() == set(RENDERED), "Declare the new text to pictures.texts."
    assert texts.declared() == set().union(*RENDERED.values()) | {"accounts.KeptForm.typed"}


class KeptPictureTests(ClosingCase):
    """Pictures that an author added a while ago."""

    @pytest.fixture(autouse=True)
    def media(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give each test a folder of its own."""
        monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")

    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        self.client.force_login(self.author)

    def add(self, size: int = 40) -> Any:
        file = SimpleUploadedFile("tea.png", hostile.picture(size=(size, 30)))
        return self.client.post("/studio/pictures/", {"picture-file": file})

    def clean_up_after_a_month(self) -> None:
        then = timezone.now() - timedelta(seconds=limits.ARTICLE_PICTURE_KEPT + 60)
        Picture.objects.update(uploaded_at=then)
        for path in Path(settings.MEDIA_ROOT).iterdir():
            os.utime(path, (then.timestamp(),) * 2)
        deleting.delete_unused()

    def test_each_stored_text_keeps_what_it_shows(self) -> None:
        series = make_series(self.author)

        def describe(text: str) -> str:
            url = f"/studio/series/{series.pk}/"
            form = fields_of(self.client, url, holding="description") | {"description": text}
            self.assertEqual(self.client.post(url, form).status_code, 302)
            return series.get_absolute_url()

        def close(text: str) -> str:
            self.assertRedirects(self.write(body=f"{WORDS} {text}"), self.url)
            return self.url

        def write_about(text: str) -> str:
            self.client.force_login(self.admin)
            url = "/settings/site/"
            form = fields_of(self.client, url, holding="about") | {"about": text}
            self.assertEqual(self.client.post(url, form).status_code, 302)
            return "/about/"

        ways: list[Callable[[str], str]] = [describe, close, write_about]
        for number, way in enumerate(ways):
            with self.subTest(way.__name__):
                self.client.force_login(self.author)
                address = self.add(40 + number).json()["address"]
                page = way(f"Look: ![tea]({address})")
                self.clean_up_after_a_month()
                self.assertContains(self.client.get(page), f'<img src="{address}"')
                self.assertEqual(self.client.get(address).status_code, 200)
        self.assertEqual(Picture.objects.count(), len(ways))

    def test_a_draft_keeps_its_pictures_until_it_is_published(self) -> None:
        address = self.add().json()["address"]
        form = fields_of(self.client, NEW, holding="title")
        form |= {"title": "Tea", "body": f"![]({address})"}
        self.client.post("/me/drafts/save/", form | {"form": NEW})
        self.clean_up_after_a_month()
        self.client.post(NEW, form | {"act": "publish"})
        self.assertFalse(KeptForm.objects.exists())
        self.clean_up_after_a_month()
        self.assertEqual(self.client.get(address).status_code, 200)

    def test_kept_ones_do_not_keep_the_rest(self) -> None:
        kept, other = (self.add(size).json()["address"] for size in (40, 41))
        series = make_series(self.author, description_html=f'<img src="{kept}">')
        with mock.patch.object(deleting, "BATCH", 1):
            self.clean_up_after_a_month()
        self.assertEqual(Picture.objects.get().address, kept)
        self.assertEqual(self.client.get(other).status_code, 404)
        series.delete()
        self.clean_up_after_a_month()
        self.assertFalse(Picture.objects.exists())

    def test_those_in_no_saved_text_have_a_quota(self) -> None:
        first = self.add(40).json()["address"]
        with mock.patch.object(limits, "PICTURES_UNUSED_BYTES", Picture.objects.get().size):
            self.assertEqual(self.add(40).status_code, 201)  # the same one
            # A draft is no saved text: it could name any number.
            typed = {"form": NEW, "title": "Tea", "body": f"![]({first})"}
            self.client.post("/me/drafts/save/", typed)
            refused = self.add(41)
            self.assertEqual((refused.status_code, Picture.objects.count()), (422, 1))
            self.assertIn("of pictures that no saved text shows", refused.json()["problem"])
            series = make_series(self.author, description_html=f'<img src="{first}">')
            self.assertEqual(self.add(30).status_code, 201)
            Picture.objects.get(width=30).delete()
            series.delete()
            self.assertEqual(self.add(30).status_code, 422)
            save_draft(None, by=self.author, title="Tea", body=f"![]({first})")
            self.assertEqual(self.add(30).status_code, 201)


class QuotaTests(TransactionTestCase):
    """Pictures that arrive at the same moment."""

    @pytest.fixture(autouse=True)
    def media(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give each test a folder of its own."""
        monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")

    def test_two_at_once_do_not_pass_it(self) -> None:
        person = make_user()
        files = [hostile.picture(size=(size, 30)) for size in (40, 41, 42)]
        first = store(files[0], Purpose.ARTICLE, person)
        with mock.patch.object(limits, "PICTURES_UNUSED_BYTES", first.size * 5 // 2):
            results = at_once(
                *(lambda file=file: store(file, Purpose.ARTICLE, person) for file in files[1:])
            )
        self.assertEqual([type(one) for one in results].count(PictureRefused), 1, results)
        self.assertEqual(Picture.objects.count(), 2)
