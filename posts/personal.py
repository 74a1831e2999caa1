"""Declare whose words the tables of posts hold, and erase those of an author.

A post that nobody else saw is deleted. A published one stays for its discussion; its words go if
the person asks for that and no other author is left. A question that readers have answered keeps
its wording, without which their answers mean nothing.
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import personal
from core.db.transactions import retried
from core.personal import Erasure, Holding, Rows, rows

from .actions.bin import delete_post, delete_wordings
from .models import (
    Authorship,
    Part,
    Post,
    Promise,
    Question,
    QuestionVersion,
    Revision,
    SealedAnswer,
    Series,
    Stance,
    StanceWording,
)
from .slugs import free_slug


def own_posts(person: User) -> QuerySet[Post]:
    """Return the posts of `person` that have no other author whose account is not erased."""
    others = Authorship.objects.filter(post=OuterRef("pk"), user__erased_at__isnull=True)
    return Post.objects.filter(authors=person).exclude(Exists(others.exclude(user=person)))


def _erase_posts(erasure: Erasure) -> None:
    """Erase posts, then series, each in one transaction; unopened sealed answers first."""
    SealedAnswer.objects.filter(author=erasure.person, opened_at__isnull=True).delete()
    for pk in list(own_posts(erasure.person).values_list("pk", flat=True)):
        _erase_post(pk, delete_texts=erasure.delete_texts)
    for pk in list(Series.objects.filter(owner=erasure.person).values_list("pk", flat=True)):
        _erase_series(pk, delete_texts=erasure.delete_texts)


@retried
def _erase_post(pk: Any, *, delete_texts: bool) -> None:
    post = Post.objects.select_for_update().get(pk=pk)
    is_public = post.is_published()
    if not is_public and delete_post(post):
        return
    if delete_texts:
        _delete_question(post)
    if delete_texts or not is_public:
        _wipe_post(post)
    else:
        post.newest_revision = post.live_revision
        post.save(update_fields=["newest_revision"])
        post.revisions.exclude(pk=post.live_revision_id or 0).delete()
    post.bump_page_version()


def _delete_question(post: Post) -> bool:
    """Delete the question of `post`; return False if it has been answered."""
    try:
        with transaction.atomic():
            delete_wordings(post)
            Question.objects.filter(post=post).delete()
    except ProtectedError:
        return False
    return True


def _wipe_post(post: Post) -> None:
    """Leave one revision without words, no promise, and an address without the title's words."""
    post.promises.all().delete()
    kept = post.live_revision or post.newest_revision
    if kept is None:
        return
    kept.title, kept.standfirst, kept.body, kept.body_html = _("Deleted article"), "", "", ""
    kept.save(update_fields=["title", "standfirst", "body", "body_html"])
    post.newest_revision = kept
    if not post.slug.startswith(f"deleted-{post.pk}"):
        post.slug = free_slug(Post, f"deleted-{post.pk}")
    post.save(update_fields=["newest_revision", "slug"])
    post.revisions.exclude(pk=kept.pk).delete()


@retried
def _erase_series(pk: int, *, delete_texts: bool) -> None:
    """Delete a series without posts, which nobody else saw; if asked, wipe another one's words."""
    series = Series.objects.select_for_update().get(pk=pk)
    if not series.parts.filter(post__isnull=False).exists():
        series.delete()
    elif delete_texts:
        _wipe_series(series)


def _wipe_series(series: Series) -> None:
    series.title = _("Deleted series")
    series.standfirst = series.description = series.description_html = ""
    if not series.slug.startswith(f"deleted-{series.pk}"):
        series.slug = free_slug(Series, f"deleted-{series.pk}")
    series.save()
    series.parts.update(title=_("Deleted part"), summary="")


def _posts(person: User) -> Rows:
    columns = ("slug", "created_at", "published_at", "binned_at")
    return rows(person.posts.all(), *columns, "newest_revision__title")


def _texts(person: User) -> Rows:
    columns = ("post__slug", "number", "title", "standfirst", "body", "created_at")
    return rows(Revision.objects.filter(created_by=person), *columns)


def _series(person: User) -> Rows:
    columns = ("slug", "title", "standfirst", "description", "created_at")
    return rows(Series.objects.filter(owner=person), *columns)


def _parts(person: User) -> Rows:
    columns = ("series__slug", "position", "title", "summary")
    return rows(Part.objects.filter(series__owner=person), *columns)


def _promises(person: User) -> Rows:
    columns = ("post__slug", "exact", "prefix", "suffix", "note", "withdrawn_at")
    return rows(Promise.objects.filter(post__authors=person), *columns, "withdrawn_reason")


def _questions(person: User) -> Rows:
    asked = QuestionVersion.objects.filter(question__post__authors=person)
    return rows(asked, "question__post__slug", "number", "text", "created_at")


def _answers_offered(person: User) -> Rows:
    offered = Stance.objects.filter(question__post__authors=person)
    return rows(offered, "question__post__slug", "key", "word", "meaning")


def _wordings(person: User) -> Rows:
    worded = StanceWording.objects.filter(version__question__post__authors=person)
    columns = ("version__question__post__slug", "version__number", "stance__key")
    return rows(worded, *columns, "word", "meaning")


def _sealed_answers(person: User) -> Rows:
    return rows(
        SealedAnswer.objects.filter(author=person),
        "question__post__slug",
        "version__text",
        "stance__key",
        "opens_at",
        "opens_after",
        "sealed_at",
        "opened_at",
        "withdrawn_at",
    )


def _of_author(
    name: str, model: str, download: Any, words: tuple[str, ...], copies: tuple[str, ...] = ()
) -> Holding:
    """Return a holding that is erased with the posts and series of its author."""
    return Holding(
        name=name, model=model, words=words, copies=copies, erase=_erase_posts, download=download
    )


personal.declare(
    "posts",
    _of_author("posts", "posts.Post", _posts, ("slug",)),
    _of_author(
        "articles", "posts.Revision", _texts, ("title", "standfirst", "body"), ("body_html",)
    ),
    _of_author(
        "series",
        "posts.Series",
        _series,
        ("slug", "title", "standfirst", "description"),
        ("description_html",),
    ),
    _of_author("parts", "posts.Part", _parts, ("title", "summary")),
    _of_author(
        "promises",
        "posts.Promise",
        _promises,
        ("exact", "prefix", "suffix", "note", "withdrawn_reason"),
    ),
    _of_author("questions", "posts.QuestionVersion", _questions, ("text",)),
    _of_author("answers_offered", "posts.Stance", _answers_offered, ("key", "word", "meaning")),
    _of_author("wordings", "posts.StanceWording", _wordings, ("word", "meaning")),
    _of_author("sealed_answers", "posts.SealedAnswer", _sealed_answers, ()),
)
personal.nobodys(
    "a code, one of a few words",
    posts__Post="language direction closed_reason",
    posts__Question="reveal",
    posts__Stance="shape colour",
)
personal.nobodys("ids of comments", posts__Post="front")
