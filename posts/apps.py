"""Register the posts app and reinstall its database triggers after migrations."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import register_converter


def install_triggers(using: str, **_kwargs: Any) -> None:
    """Reinstall all triggers of posts: SQLite drops them when a migration rebuilds a table.

    `using` is the alias of the migrated database.
    """
    from . import db_triggers
    from .pages import page_versions

    page_versions.install_triggers(using)
    db_triggers.install(using)


class PostsConfig(AppConfig):
    """Configure the app of posts, series, promises and questions."""

    name = "posts"

    def ready(self) -> None:
        """Declare slugs, words, texts with pictures and what can be followed; register rounds."""
        from core.jobs.periodic import every_minute
        from pictures import texts

        from . import followed, personal  # noqa: F401
        from .actions.announcements import tell_due
        from .actions.bin import remove_due
        from .newsletter import letters  # noqa: F401 (it registers what writes the mail)
        from .slugs import UnicodeSlugConverter

        texts.declare("posts.Series", "description_html")
        register_converter(UnicodeSlugConverter, "unicode_slug")
        every_minute(remove_due)
        every_minute(tell_due)
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="posts.install_triggers")
