"""Test `manage.py publish`: an article from a file becomes a post, or nothing is written."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from posts import actions
from posts.importing.answers import parse_answers
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
    assert said == (
        "Two words for one job\n"
        "\n"
        "  Address    http://testserver/posts/two-words-for-one-job/\n"
        "  Author     ada\n"
        "  State      a draft, which only its authors can see\n"
        "  Question   Are managers and leaders different, and why?\n"
        "  Answers    Different: They are two things.\n"
        "             Same: They are one thing.\n"
        "             Overlap: They share some ground.\n"
        "\n"
        f"Read it and publish it: http://testserver/studio/posts/{post.pk}/\n"
    )
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
    publish(article, "--author", "@Otto", "--slug", "経営", "--again")
    assert Post.objects.filter(slug="経営").exists()


@pytest.mark.parametrize(
    ("said", "language", "direction"),
    [("ar", "ar", "rtl"), ("he_IL", "he", "rtl"), ("EN-us", "en", "ltr"), ("English", "en", "ltr")],
)
def test_the_language_is_one_that_authors_can_choose(
    tmp_path: Path, said: str, language: str, direction: str
) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "article.md"
    path.write_text(f"---\ntitle: T\nlanguage: {said}\n---\n\nWords.\n")
    publish(path, "--no-question")
    post = Post.objects.get()
    assert (post.language, post.direction) == (language, direction)


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
    assert_refused(path, "is not a text file")
    path.write_bytes(b"caf\xe9?")
    assert_refused(path, "is not in UTF-8")
    path.write_bytes(b"")
    assert_refused(path, "is empty")


def test_text_that_cannot_be_rendered_writes_nothing(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "deep.md"
    path.write_text("# T\n\n" + ">" * 100 + " deep\n\nWhy?")
    assert_refused(path, "nested too deeply")


def test_somebody_has_to_be_the_author(article: Path) -> None:
    make_user("robin")
    assert_refused(article, "There is no author yet")
    assert_refused(article, "Nobody here is called nemo", "--author", "nemo")
    assert_refused(article, "robin is not an author", "--author", "robin")
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
    with pytest.raises(CommandError, match="There is already an article at /posts/words"):
        publish(article, "--slug", "words")
    assert Post.objects.count() == 1
    make_post(author, slug="two-words-for-one-job")
    publish(article)
    assert Post.objects.filter(slug="two-words-for-one-job-2").exists()


def test_a_text_that_is_published_is_taken_again_only_if_asked(article: Path) -> None:
    make_user("ada", Role.AUTHOR)
    publish(article, "--publish")
    with pytest.raises(
        CommandError, match=r"already: use --again .*/posts/two-words-for-one-job/$"
    ):
        publish(article)
    assert Post.objects.count() == 1
    said = publish(article, "--again")
    assert Post.objects.count() == 2
    assert "Another draft" not in said


def test_a_draft_that_was_left_is_taken_up(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "meetings.md"
    path.write_text("# Meetings\n\nWe meet.\n\nIs a weekly meeting worth the hour it takes?")
    publish(path, "--publish")
    draft = Post.objects.get()
    assert draft.published_at is None
    assert "No second one was made" in publish(
        path, "--publish", "--dry-run", "--answers", "Yes; No"
    )
    for _again in range(2):  # without answers of its own it stays a draft, and one
        assert "So it stays a draft" in publish(path, "--publish")
    said = publish(path, "--publish", "--answers", "Yes: worth it; No")
    assert "It is your earlier draft of this text. No second one was made." in said
    post = Post.objects.get()
    assert (post.pk, post.slug, post.published_at is None) == (draft.pk, "meetings", False)
    assert [stance.word for stance in post.question.offered] == ["Yes", "No"]
    assert Revision.objects.count() == 1


def test_answers_mended_in_the_studio_stay(tmp_path: Path) -> None:
    author = make_user("ada", Role.AUTHOR)
    path = tmp_path / "meetings.md"
    path.write_text("# Meetings\n\nWe meet.\n\nIs a weekly meeting worth the hour it takes?")
    publish(path)
    mended = parse_answers("Aye; Nay")
    actions.set_question(Post.objects.get(), text="Is it worth it?", stances=mended)
    publish(path, "--publish", "--slug", "hours")
    post = Post.objects.get()
    assert (str(post.question), post.slug) == ("Is it worth it?", "hours")
    assert post.is_published()
    # Another text, another title or somebody else's: a post of its own, and the draft is named.
    actions.unpublish(post, by=author)
    draft = make_post(author, published_at=None)
    actions.save_draft(draft, by=author, title="Meetings", body="We meet.")
    said = publish(path, "--author", make_user("otto", Role.AUTHOR).handle)
    assert Post.objects.count() == 3
    assert "An earlier draft has the same text: http://testserver/studio/posts/" in said


def test_a_suspended_author_is_refused(article: Path) -> None:
    author = make_user("ada", Role.AUTHOR)
    author.suspended_until = timezone.now() + timedelta(days=1)
    author.save()
    assert_refused(article, "ada is suspended or not admitted", "--author", "ada")
    assert_refused(article, "ada is suspended or not admitted")


def test_a_question_that_the_answers_do_not_fit_stays_a_draft(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "meetings.md"
    path.write_text("# Meetings\n\nWe meet.\n\nIs a weekly meeting worth the hour it takes?")
    said = publish(path, "--publish")
    post = Post.objects.get()
    assert post.published_at is None
    assert "Different, Same, Overlap, do not seem to fit this question. So it stays a draft" in said
    assert f"/studio/posts/{post.pk}/question/" in said
    assert "--answers" in said

    said = publish(path, "--publish", "--answers", "Yes: worth it; No; It depends", "--slug", "met")
    post = Post.objects.get()
    assert "Yes: worth it\n             No\n" in said
    assert "published, for everybody to read" in said
    assert [stance.word for stance in post.question.offered] == ["Yes", "No", "It depends"]
    assert Client().get("/posts/met/").status_code == 200


def test_front_matter_gives_answers_and_the_option_goes_first(tmp_path: Path) -> None:
    make_user("ada", Role.AUTHOR)
    path = tmp_path / "meetings.md"
    path.write_text("---\ntitle: M\nanswers: [Aye, Nay]\n---\n\nWe meet. Is it worth it?")
    assert "Aye\n" in publish(path, "--publish")
    assert "Si: so\n" in publish(path, "--again", "--answers", "Si: so; Non")


def test_a_dry_run_shows_all_and_writes_nothing(
    article: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make_user("ada", Role.AUTHOR)
    said = publish(article, "--publish", "--dry-run")
    assert said.startswith("Nothing is written. Without --dry-run this would happen:\n\nTwo words")
    assert "published, for everybody to read" in said
    assert "Are managers and leaders different, and why?" in said
    assert "/studio/" not in said
    assert (Post.objects.count(), Revision.objects.count(), Question.objects.count()) == (0, 0, 0)
    assert_refused(article, "two to five", "--dry-run", "--answers", "Yes")
    assert "INFO" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--answers", "Yes"], "two to five answers"),
        (["--answers", ""], "two to five answers"),
        (["--answers", "Yes; yes"], "the same word"),
        (["--answers", "Yes; No", "--no-question"], "either --answers or --no-question"),
        (["--slug", "Big Words"], "cannot be an address"),
        (["--slug", "a" * 81], "at most 80 characters"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(
    article: Path, arguments: list[str], sentence: str
) -> None:
    make_user("ada", Role.AUTHOR)
    assert_refused(article, sentence, *arguments)
