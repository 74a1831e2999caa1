"""The values of the text columns of a comment, for models and for the queries below them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentKind(models.TextChoices):
    """What a comment is."""

    READER = "reader", _("comment")
    NOTE = "note", _("note")
    STEELMAN = "steelman", _("best reason for another answer")
    IMPORTED = "imported", _("imported comment")


class CommentState(models.TextChoices):
    """What moderation made of a comment; that its writer deleted it is kept apart."""

    HELD = "held", _("waiting for approval")
    PUBLISHED = "published", _("published")
    HIDDEN = "hidden", _("hidden until a moderator looks")
    REMOVED = "removed", _("removed by a moderator")


class SeenTotals(models.TextChoices):
    """Whether a reader had seen where others stand before answering."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("unknown")
