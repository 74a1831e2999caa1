"""`manage.py generate_discussion POST-SLUG`: add a realistic discussion to a post."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from core.management.filled import FilledSiteCommand
from posts.models import Post

from ...actions.discussions import why_closed
from ...integrity import no_statement_timeout
from ...seeding.generator import GeneratedDiscussion


class Command(FilledSiteCommand):
    """Write comments in bulk, dated from the publication of the post until now."""

    help = (
        "Writes a realistic discussion under a published post, in batches. The same numbers give "
        "the same discussion; a run that was stopped can be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("slug", metavar="POST-SLUG")
        parser.add_argument("--comments", type=int, default=60, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the discussion; raises `CommandError` for an unpublished post, a closed
        discussion or no comments."""
        post = Post.objects.filter(slug=options["slug"]).first()
        if post is None:
            raise CommandError(f"There is no article “{options['slug']}”. Check its slug.")
        if not post.is_published():
            raise CommandError(
                f"“{post.slug}” is not published, so nobody can have answered it. Publish it first."
            )
        if closed := why_closed(post):
            raise CommandError(f"{closed} Open it again first.")
        if options["comments"] < 1:
            raise CommandError("--comments must be at least 1.")
        self._write(GeneratedDiscussion(post, options["comments"], options["seed"], timezone.now()))

    def _write(self, discussion: GeneratedDiscussion) -> None:
        """Write the missing comments; print their number and the seconds it took."""
        started = perf_counter()
        with no_statement_timeout():
            added = sum(discussion.write())
        seconds = perf_counter() - started
        existing = discussion.count - added
        if existing:
            self.stdout.write(f"{existing} comments of this discussion were there already.")
        self.stdout.write(
            f"{added} comments added in {seconds:.1f} s ({added / seconds:,.0f} per second)."
        )
