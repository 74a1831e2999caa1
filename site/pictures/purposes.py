"""List what pictures are for."""

from django.db import models
from django.utils.translation import gettext_lazy

from core.images.messages import Frame

from . import frames


class Purpose(models.TextChoices):
    """What a picture is for, which decides its size and files."""

    LOGO = "logo", gettext_lazy("Logo")
    ICON = "icon", gettext_lazy("Icon")
    ARTICLE = "article", gettext_lazy("Article")

    @property
    def frame(self) -> Frame:
        """The size in which such a picture is stored."""
        return {
            Purpose.LOGO: frames.LOGO,
            Purpose.ICON: frames.ICON,
            Purpose.ARTICLE: frames.ARTICLE,
        }[self]

    @property
    def further(self) -> dict[str, Frame]:
        """The further files of such a picture, by the end of their names."""
        return frames.ICON_FILES if self is Purpose.ICON else {}
