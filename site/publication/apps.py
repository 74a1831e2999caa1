"""Register the app of the publication: its name, look, pages and defaults."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """Configure the app of the site profile."""

    name = "publication"

    def ready(self) -> None:
        """Declare whose words the table holds, and that pictures may stand in its pages."""
        from pictures import texts

        from . import personal  # noqa: F401
        from .models import PAGES

        texts.declare("publication.SiteProfile", *PAGES)
