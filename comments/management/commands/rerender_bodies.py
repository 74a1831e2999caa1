"""`manage.py rerender_bodies`: make all stored HTML anew after a change to the pipeline."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.markdown.html import PIPELINE_VERSION, Profile
from posts.rerendering import POSTS, StoredHtml, rerender

from ...models import Closing, Comment, CommentRevision

EVERYTHING = (
    *POSTS,
    StoredHtml(Comment, Profile.COMMENT),
    StoredHtml(CommentRevision, Profile.COMMENT),
    StoredHtml(Closing, Profile.POST),
)


class Command(BaseCommand):
    """Render posts, series and comments again, in batches that can be stopped and gone on with."""

    help = (
        "Renders the text of posts, series and comments again where an older pipeline made its "
        "HTML. Works in batches and can be stopped at any time; the next run goes on from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--all", action="store_true", help="also what this pipeline has made")

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, and say how much; exit 1 if the pipeline refuses a text it once took."""
        refused = sum(self._rerender(kept, everything=options["all"]) for kept in EVERYTHING)
        if refused:
            raise CommandError(f"{refused} texts are refused and keep the HTML they have.")

    def _rerender(self, kept: StoredHtml, *, everything: bool) -> int:
        name, written, refused = str(kept.model._meta.verbose_name_plural), 0, 0
        for batch in rerender(kept, everything=everything):
            written += batch.written
            refused += len(batch.refused)
            for pk, reason in batch.refused:
                self.stderr.write(f"{kept.model._meta.verbose_name} {pk}: {reason}")
        self.stdout.write(f"{name}: {written} rendered by pipeline {PIPELINE_VERSION}.")
        return refused
