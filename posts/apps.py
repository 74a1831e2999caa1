"""Configuration of the posts app."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """What is published: series, posts, promises, questions."""

    name = "posts"
