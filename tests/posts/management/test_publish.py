"""Test `manage.py publish`: an article from a file becomes a post, or nothing is written."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Role
from posts.models import Post, Question, Revision
from tests.factories import make_post, make_user

ARTICLE = """Two words for one job

Some people manage 5 * 8 hours a week. Others *lead*.

1986. That was the year; [sic] it was.

Are managers and leaders different, and why?
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def publish(path: Path, *arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("publish", str(path), *arguments, stdout=out, **options)
    return out.getvalue()


def assert_refused(path: Path, sentence: str, *arguments: str) -> None:
    with pytest.raises(CommandError, match=sentence) as error:
        publish(path, *arguments)
    assert error.value.returncode == 1
    assert (Post.objects.count(), Revision.objects.count(), Question.objects.count()) == (0, 0, 0)


def test_it_makes_a_draft_that_readers_do_not_see(article: Path) -> None:
    author = make_user("ada", Role.AUTHOR)
    said = publish(article)
    post = Post.objects.get()
    assert post.published_at is None
    assert post.byline == [author]
    assert "a draft" in said
    assert "It asks: Are managers and leaders different, and why?" in said
    assert Client().get(post.get_absolute_url()).status_code == 404


def test_every_word_stands_on_the_public_page(article: Path) -> None:
    make_user("ada", Role.AUTHOR)
    publish(article, "--publish")
    page = Client().get("/posts/two-words-for-one-job/").content.decode()
    for paragraph in ARTICLE.strip().split("\n\n"):
        assert paragraph in page


def test_the_question_has_the_default_stances(article: Path) -> None:
    make_user("ada", Role.AUTHOR)
    publish(article)
    question = Question.objects.get()
    assert [stance.key for stance in question.offered] == ["different", "same", "overlap"]


def test_author_and_slug_can_be_chosen(article: Path) -> None:
    make_user("ada", Role.AUTHOR)
    otto = make_user("otto", Role.AUTHOR)
    publish(article, "--author", "@Otto", "--slug", "words")
    assert Post.objects.get(slug="words").byline == [otto]


def test_an_article_without_a_question_needs_permission(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "article.md"
    path.write_text("# Title\n\nNo question. See /?x=1 for more.")
    assert_refused(path, "has no question")
    publish(path, "--no-question")
    assert not Question.objects.exists()


def test_no_question_keeps_a_question_in_the_text(article: Path) -> None:
    make_user("ada", Role.AUTHOR)
    publish(article, "--no-question")
    assert not Question.objects.exists()
    assert "Are managers and leaders different, and why?" in Revision.objects.get().body


def test_bad_files_write_nothing(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "article"
    assert_refused(path, "There is no file")
    path.write_bytes(b"\x00\x01\x02")
    assert_refused(path, "is a binary file")
    path.write_bytes(b"caf\xe9?")
    assert_refused(path, "is not in UTF-8")
    path.write_bytes(b"")
    assert_refused(path, "is empty")


def test_text_that_cannot_be_rendered_writes_nothing(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "deep.md"
    path.write_text("# T\n\n" + ">" * 100 + " deep\n\nWhy?")
    assert_refused(path, "deep within each other")


def test_somebody_has_to_be_the_author(article: Path) -> None:
    make_user("robin")
    assert_refused(article, "There is no author yet")
    assert_refused(article, "Nobody here is called nemo", "--author", "nemo")
    assert_refused(article, "robin is no author", "--author", "robin")
    make_user("ada", Role.AUTHOR)
    make_user("otto", Role.AUTHOR)
    assert_refused(article, "There are several authors")


def test_an_admin_will_do_where_there_is_no_author(article: Path) -> None:
    admin = make_user("ines", Role.ADMIN)
    publish(article)
    assert Post.objects.get().byline == [admin]


def test_an_address_that_is_taken_is_not_taken_again(article: Path) -> None:
    author = make_user("ada", Role.AUTHOR)
    make_post(author, slug="words")
    with pytest.raises(CommandError, match="There is a post at /posts/words/ already"):
        publish(article, "--slug", "words")
    assert Post.objects.count() == 1
    publish(article)
    publish(article)
    assert Post.objects.filter(slug="two-words-for-one-job-2").exists()


def test_a_text_that_is_published_is_taken_again_only_if_asked(article: Path) -> None:
    make_user("ada", Role.AUTHOR)
    publish(article, "--publish")
    with pytest.raises(CommandError, match="already: .*/posts/two-words-for-one-job/ Use --again"):
        publish(article)
    assert Post.objects.count() == 1
    publish(article, "--again")
    assert Post.objects.count() == 2
