"""`manage.py publish`: import an article from a file, as a draft or published."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from accounts.models import Role, User
from accounts.permissions import may_write
from core.exceptions import ActionRefused
from core.logs import only_warnings
from core.management.filled import FilledSiteCommand
from core.markdown.html import MarkupRefused

from ... import actions
from ...importing.answers import answers_for, doubt_about
from ...importing.articles import Article, read_article
from ...importing.bringing import bring, brought_before, draft_of
from ...importing.summary import address, summary


class Command(FilledSiteCommand):
    """Import an article from a file as a post, every paragraph word for word."""

    help = (
        "Makes a draft post of a plain text or Markdown file (UTF-8), every paragraph kept word "
        "for word. Its last questions in a row become the closing question; if they are the whole "
        "last paragraph, they move out of the text into that place. Where the answers of the site "
        "do not fit that question, the post stays a draft."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the path and the options to `parser`."""
        parser.add_argument("path", type=Path, help="the file")
        parser.add_argument("--publish", action="store_true", help="show it to readers at once")
        parser.add_argument("--author", metavar="HANDLE", help="whose post it is")
        parser.add_argument("--slug", help="the last part of its address")
        parser.add_argument(
            "--answers",
            metavar="TEXT",
            help='what readers can answer, "Yes: worth it; No; It depends"; else those of the '
            "front matter, else the site's",
        )
        parser.add_argument(
            "--no-question", action="store_true", help="take it without a closing question"
        )
        parser.add_argument(
            "--again", action="store_true", help="take a text that is published already"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would happen, and write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the article and print what it was understood to be.

        Raises `CommandError` with a sentence, having written nothing, if it cannot be imported.
        """
        try:
            with only_warnings():
                said = _import(_article(options), options)
        except (ActionRefused, MarkupRefused) as refused:
            raise CommandError(str(refused.message)) from refused
        if options["dry_run"]:
            self.stdout.write("Nothing is written. Without --dry-run this would happen:\n\n")
        self.stdout.write(said)


def _article(options: dict[str, Any]) -> Article:
    """Return the article of the file with what the `options` say of it; raises ActionRefused."""
    if options["answers"] is not None and options["no_question"]:
        raise ActionRefused("Use either --answers or --no-question: answers need a question.")
    article = read_article(options["path"], asks=not options["no_question"])
    if not article.question and not options["no_question"]:
        raise ActionRefused(
            f"{options['path']} has no question of its own: end it with one, or use --no-question."
        )
    if options["answers"] is not None:
        article = replace(article, answers=options["answers"] or ";")
    return replace(article, slug=options["slug"] or article.slug)


@transaction.atomic
def _import(article: Article, options: dict[str, Any]) -> str:
    """Make the post, and return the summary of it; a dry run is undone at its end."""
    author = _find_author(options["author"])
    before = brought_before(article)
    if before is not None and before.published_at is not None and not options["again"]:
        raise ActionRefused(
            f"This text is {before.state().label} already: use --again to publish it once more, "
            f"or see {settings.SITE_URL}{before.get_absolute_url()}"
        )
    answers = answers_for(article)
    draft = draft_of(article, author)
    post = bring(article, answers.stances, by=author)
    doubt = "" if article.answers else doubt_about(post) if draft else answers.doubt
    if options["publish"] and not doubt:
        post = actions.publish(post, by=author)
    said = summary(post, doubt, is_kept=not options["dry_run"])
    if draft:
        said += "\n\nIt is your earlier draft of this text. No second one was made."
    elif before is not None and before.published_at is None:
        said += f"\n\nAn earlier draft has the same text: {address('posts:studio-post', before)}"
    transaction.set_rollback(options["dry_run"])
    return said


def _find_author(handle: str | None) -> User:
    """Return the author `handle`, or the only author, or the only admin if there is no author.

    Raises `ActionRefused` if there is none, or more than one.
    """
    if handle:
        people = User.objects.filter(erased_at__isnull=True)
        person = people.filter(handle__iexact=handle.removeprefix("@")).first()
        if person is None:
            raise ActionRefused(f"Nobody here is called {handle}: check the handle.")
        if not person.is_author:
            raise ActionRefused(
                f"{handle} is not an author yet: make them one with manage.py grant {handle} author"
            )
        return _able(person)
    authors = list(User.objects.filter(role_grants__role=Role.AUTHOR)[:2])
    authors = authors or list(User.objects.filter(role_grants__role=Role.ADMIN)[:2])
    if not authors:
        raise ActionRefused(
            "There is no author yet: make somebody one with manage.py grant HANDLE author"
        )
    if len(authors) > 1:
        raise ActionRefused("There are several authors: say whose post it is with --author HANDLE")
    return _able(authors[0])


def _able(author: User) -> User:
    """Return `author`; raises `ActionRefused` if they are suspended or cannot write otherwise."""
    if not may_write(author):
        raise ActionRefused(
            f"{author.handle} is suspended or not admitted, and cannot publish. Lift that under "
            "/moderation/ first, or name another author with --author HANDLE."
        )
    return author
