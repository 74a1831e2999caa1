"""Configuration of the posts app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def watch_tables(using: str, **_kwargs: Any) -> None:
    """Put the triggers of the edition back: SQLite drops them when a migration rebuilds a table."""
    from .pages.page_versions import install

    install(using)


class PostsConfig(AppConfig):
    """What is published: series, posts, promises, questions."""

    name = "posts"

    def ready(self) -> None:
        """Watch what public pages show after every migration."""
        post_migrate.connect(watch_tables, sender=self, dispatch_uid="posts.watch_tables")
