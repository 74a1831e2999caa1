"""`manage.py rerender_bodies`: render all stored HTML again after a change of the pipeline."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from core.management.filled import FilledSiteCommand
from core.markdown.html import PIPELINE_VERSION, Profile
from posts.rerendering import POSTS, StoredHtml, rerender

from ...actions.mentions.people import addresses_in
from ...models import Closing, Comment, CommentRevision

EVERYTHING = (
    *POSTS,
    StoredHtml(Comment, Profile.COMMENT, people=addresses_in),
    StoredHtml(CommentRevision, Profile.COMMENT, people=addresses_in),
    StoredHtml(Closing, Profile.POST),
)


class Command(FilledSiteCommand):
    """Render posts, series and comments again, in batches; a stopped run can be repeated."""

    help = (
        "Renders the text of posts, series and comments again where its HTML comes from an older "
        "pipeline. Works in batches and can be stopped at any time; the next run continues."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--all", action="store_true", help="include HTML of the present pipeline"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, and print how many texts; raises `CommandError` if the pipeline refuses any."""
        refused = sum(self._rerender(stored, everything=options["all"]) for stored in EVERYTHING)
        if refused:
            raise CommandError(f"{refused} texts are refused and keep their present HTML.")

    def _rerender(self, stored: StoredHtml, *, everything: bool) -> int:
        """Render one kind of HTML, print the result, and return how many texts were refused."""
        name = str(stored.model._meta.verbose_name_plural)
        written = changed = refused = 0
        for batch in rerender(stored, everything=everything):
            written += batch.written
            changed += batch.changed
            refused += len(batch.refused)
            for pk, reason in batch.refused:
                self.stderr.write(f"{stored.model._meta.verbose_name} {pk}: {reason}")
        self.stdout.write(
            f"{name}: {written} rendered by pipeline {PIPELINE_VERSION}, {changed} changed."
        )
        return refused
