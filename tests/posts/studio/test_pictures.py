"""Test that authors add pictures to their texts, and that those in a text are kept."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import limits
from pictures import deleting
from pictures.models import Picture
from pictures.purposes import Purpose
from posts.actions import save_draft
from posts.actions.bin import delete_post
from posts.models import PostPicture
from tests.accounts.drafts.test_kept import drawn_for
from tests.cast import Cast
from tests.core.images import hostile
from tests.factories import make_post

URL = "/studio/pictures/"


class PictureTests(Cast):
    """A picture that a page sends while an article is written."""

    @pytest.fixture(autouse=True)
    def media(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give each test a folder of its own."""
        monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")

    def setUp(self) -> None:
        cache.clear()
        self.sign_in(self.author)

    def add(self, content: bytes | None = None, **fields: Any) -> Any:
        content = hostile.picture() if content is None else content
        return self.client.post(
            URL, {"picture-file": SimpleUploadedFile("tea.png", content), **fields}
        )

    def age(self, seconds: int) -> None:
        """Let everything be uploaded `seconds` ago."""
        then = timezone.now() - timedelta(seconds=seconds)
        Picture.objects.update(uploaded_at=then)
        for path in Path(settings.MEDIA_ROOT).iterdir():
            os.utime(path, (then.timestamp(),) * 2)

    def test_it_is_stored_once_and_shown_in_the_text(self) -> None:
        answer = self.add()
        picture = Picture.objects.get()
        self.assertEqual((answer.status_code, picture.purpose), (201, Purpose.ARTICLE))
        self.assertEqual(answer.json(), {"address": picture.address})
        self.add()
        self.assertEqual(Picture.objects.count(), 1)
        post = make_post(self.author, body=f"![A pot of tea]({picture.address})")
        self.assertContains(
            self.client.get(post.get_absolute_url()),
            f'<img src="{picture.address}" alt="A pot of tea"',
        )

    def test_a_wide_one_is_made_smaller(self) -> None:
        self.add(hostile.picture(size=(2_000, 500)))
        picture = Picture.objects.get()
        self.assertEqual((picture.width, picture.height), (1_600, 400))

    def test_what_is_refused_is_said(self) -> None:
        for content, sentence in (
            (b"", "empty"),
            (b"<svg/>", "This is a drawing"),
            (b"x" * (limits.PICTURE_BYTES + 1), "larger than 1.9 MB"),
            (b"words", "cannot read this file"),
        ):
            with self.subTest(sentence):
                answer = self.add(content)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, answer.json()["problem"])
        none = self.client.post(URL, {})
        self.assertEqual((none.status_code, Picture.objects.count()), (422, 0))
        self.assertIn("Choose a picture", none.json()["problem"])

    def test_who_may(self) -> None:
        for person in (self.reader, self.moderator, self.suspended):
            self.sign_in(person)
            answer = self.add()
            self.assertEqual(answer.status_code, 403, person)
            self.assertTrue(answer.json()["problem"])
        self.sign_in(self.admin)
        self.assertEqual(self.add(drawn_for=drawn_for(self.author)).status_code, 403)
        self.client.logout()
        self.assertEqual(self.add().status_code, 403)
        self.assertEqual(self.client.get(URL).status_code, 405)
        self.assertFalse(Picture.objects.exists())

    def test_only_so_many_in_an_hour(self) -> None:
        answers = [self.client.post(URL, {}).status_code for _ in range(61)]
        self.assertEqual((answers[0], answers[-2], answers[-1]), (422, 422, 429))

    def test_one_in_a_text_stays_and_another_goes_after_a_month(self) -> None:
        kept, other = (
            self.add(content).json()["address"]
            for content in (hostile.picture(), hostile.picture(size=(50, 50)))
        )
        post = save_draft(None, by=self.author, title="With", body=f"![]({kept})")
        save_draft(post, by=self.author, title="Without", body=f"Its address: `{other}`.")
        self.age(limits.PICTURE_KEPT + 60)
        deleting.delete_unused()
        self.assertEqual(Picture.objects.count(), 2)
        self.age(limits.ARTICLE_PICTURE_KEPT + 60)
        deleting.delete_unused()
        self.assertEqual(Picture.objects.get().address, kept)
        self.assertEqual(PostPicture.objects.get().post, post)
        delete_post(post)
        deleting.delete_unused()
        self.assertFalse(Picture.objects.exists())
        self.assertEqual(list(Path(settings.MEDIA_ROOT).iterdir()), [])
