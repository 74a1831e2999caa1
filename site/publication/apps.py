"""Register the app of the publication: its name, look, pages and defaults."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """Configure the app of the site profile."""

    name = "publication"

    def ready(self) -> None:
        """Declare whose words the table holds."""
        from . import personal  # noqa: F401
