"""`manage.py publish`: import an article from a file, as a draft or published."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from accounts.models import Role, User
from core.exceptions import ActionRefused
from core.management.filled import FilledSiteCommand
from core.markdown.html import MarkupRefused

from ... import actions
from ...importing.articles import Article, read_article
from ...models import Post


class Command(FilledSiteCommand):
    """Import an article from a file as a post, every paragraph word for word."""

    help = (
        "Makes a draft post of a plain text or Markdown file (UTF-8), every paragraph kept word "
        "for word. Its last questions in a row become the closing question, answered with "
        "different, same or overlap; if they are the whole last paragraph, they move out of the "
        "text into that place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the path and the options to `parser`."""
        parser.add_argument("path", type=Path, help="the file")
        parser.add_argument("--publish", action="store_true", help="show it to readers at once")
        parser.add_argument("--author", metavar="HANDLE", help="whose post it is")
        parser.add_argument("--slug", help="the last part of its address")
        parser.add_argument(
            "--no-question", action="store_true", help="take it without a closing question"
        )
        parser.add_argument(
            "--again", action="store_true", help="take a text that is published already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the article and print its address.

        Raises `CommandError` with a sentence, having written nothing, if it cannot be imported.
        """
        try:
            article = read_article(options["path"], asks=not options["no_question"])
            _refuse_without_question(article, options)
            _refuse_published(article, options)
            post = _import(article, options)
        except (ActionRefused, MarkupRefused) as refused:
            raise CommandError(str(refused.message)) from refused
        state = "published" if options["publish"] else "a draft"
        address = f"{settings.SITE_URL}{post.get_absolute_url()}"
        self.stdout.write(f"“{post.title}” is {state}: {address}")
        if post.question_or_none is not None:
            self.stdout.write(f"It asks: {post.question}")


def _refuse_without_question(article: Article, options: dict[str, Any]) -> None:
    if not article.question and not options["no_question"]:
        raise ActionRefused(
            f"{options['path']} has no question: no sentence in it ends in a question mark. "
            "Add one, or use --no-question."
        )


def _refuse_published(article: Article, options: dict[str, Any]) -> None:
    same = {"live_revision__title": article.title, "live_revision__body": article.body}
    post = Post.objects.filter(**same).first()
    if post is not None and not options["again"]:
        address = f"{settings.SITE_URL}{post.get_absolute_url()}"
        raise ActionRefused(
            f"This text is {post.state().label} already: {address} "
            "Use --again to make another post of it."
        )


@transaction.atomic
def _import(article: Article, options: dict[str, Any]) -> Post:
    author = _find_author(options["author"])
    slug = options["slug"] or article.slug
    if slug and Post.objects.filter(slug=slug).exists():
        raise ActionRefused(f"There is a post at /posts/{slug}/ already. Choose another --slug.")
    post = actions.save_draft(
        None,
        by=author,
        title=article.title,
        standfirst=article.standfirst,
        body=article.body,
        slug=slug,
        language=article.language or settings.LANGUAGE_CODE,
    )
    if not options["no_question"]:
        stances = actions.default_stances()
        actions.set_question(post, text=article.question, stances=stances)
    return actions.publish(post, by=author) if options["publish"] else post


def _find_author(handle: str | None) -> User:
    """Return the author `handle`, or the only author, or the only admin if there is no author.

    Raises `ActionRefused` if there is none, or more than one.
    """
    if handle:
        people = User.objects.filter(erased_at__isnull=True)
        person = people.filter(handle__iexact=handle.removeprefix("@")).first()
        if person is None:
            raise ActionRefused(f"Nobody here is called {handle}.")
        if not person.is_author:
            raise ActionRefused(
                f"{handle} is no author. Make them one: manage.py grant {handle} author"
            )
        return person
    authors = list(User.objects.filter(role_grants__role=Role.AUTHOR)[:2])
    authors = authors or list(User.objects.filter(role_grants__role=Role.ADMIN)[:2])
    if not authors:
        raise ActionRefused("There is no author yet. Make one: manage.py grant HANDLE author")
    if len(authors) > 1:
        raise ActionRefused("There are several authors. Say whose post it is: --author HANDLE")
    return authors[0]
