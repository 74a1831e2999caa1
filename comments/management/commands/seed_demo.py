"""`manage.py seed_demo`: load the demonstration into an empty site."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from core.management.filled import FilledSiteCommand
from posts.importing.demo import is_loaded
from posts.models import Post

from ...seeding.demo import ACCOUNTS, load_demonstration


class Command(FilledSiteCommand):
    """Load an article, its series, a discussion, and accounts to sign in to."""

    help = (
        "Loads the demonstration: an article, its series, a sample discussion and four accounts. "
        "Refused with DEBUG off or over existing data; a second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing, silently, where it cannot be loaded",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the demonstration and print how to sign in; raises `CommandError` if refused."""
        if is_loaded():
            if not options["if_empty"]:
                self.stdout.write("The demonstration is loaded already.")
            return
        refusal = _refusal()
        if refusal and options["if_empty"]:
            return
        if refusal:
            raise CommandError(refusal)
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
        post = load_demonstration(password, timezone.now())
        self._print_accounts(post, password)

    def _print_accounts(self, post: Post, password: str) -> None:
        """Print the address of the post, the accounts and their password."""
        address = f"{settings.SITE_URL}{post.get_absolute_url()}"
        self.stdout.write(f"The demonstration is loaded: {address}")
        self.stdout.write("Sign in with one of these e-mail addresses:")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email}")
        self.stdout.write(f"and the password {password}")
        if not settings.DEMO_PASSWORD:
            self.stdout.write("It is not shown again. DEMO_PASSWORD sets one of your own.")


def _refusal() -> str:
    """Return the reason why the demonstration must not be loaded here, or ""."""
    if not settings.DEBUG:
        return "The demonstration is for trying things out; a site with DEBUG off does not take it."
    if Post.objects.exists() or User.objects.exists():
        return "There is something here already. The demonstration needs an empty site."
    return ""
