"""The field for a picture: choose one, see what is there, take it away."""

import logging
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import limits
from core.images.cleaning import sentence
from core.images.refusal import PictureFault, PictureRefused

from . import files
from .models import Picture
from .purposes import Purpose
from .storing import store

logger = logging.getLogger(__name__)
# What a browser offers to choose; what is sent is looked at, whatever its name says.
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif"


class SentPicture(NamedTuple):
    """What a form says of a picture.

    `standing` is the name of its file so far: empty for none, None if the form has no such field.
    """

    standing: str | None
    file: "UploadedFile[Any] | None"
    is_removed: bool


class PictureInput(forms.Widget):
    """Show the picture that is there, with a way to take it away, and choose another."""

    needs_multipart_form = True
    template_name = "components/_picture.html"

    def __init__(self, purpose: Purpose) -> None:
        self.purpose = purpose
        super().__init__()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> SentPicture:
        """Return what was sent: beside the name of the field, `-file` and `-removed`."""
        return SentPicture(data.get(name), files.get(f"{name}-file"), f"{name}-removed" in data)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the context of the template; `value` is the name of a picture's file, or empty."""
        context = super().get_context(name, value, attrs)
        address = f"{settings.MEDIA_URL}{value}" if value else ""
        return {
            **context,
            "address": address,
            "purpose": self.purpose,
            "accepted": ACCEPTED,
            "bytes": limits.PICTURE_BYTES,
            "too_large": sentence(PictureFault.BYTES),
            "attributes": flatatt(context["widget"]["attrs"]),
        }

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the field as HTML, from a template of the site."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class PictureField(forms.FileField):
    """Accept a picture; the value is a `Picture`, or None.

    A picture that is taken is stored at once, so that a form refused for another reason has it when
    it is sent again. A form sets `by`, the person who uploads.
    """

    by: Any = None

    def __init__(self, purpose: Purpose, **kwargs: Any) -> None:
        self.purpose = purpose
        self._shown: Picture | None = None
        super().__init__(required=False, widget=PictureInput(purpose), **kwargs)

    def clean(self, sent: Any, initial: Any = None) -> Picture | None:
        """Return the picture; raise ValidationError with the reason for refusing it."""
        self._shown = self._standing(sent, initial)
        if sent.file is not None:
            self._shown = self._stored(sent.file)
        elif sent.standing and self._shown is None and not sent.is_removed:
            raise ValidationError(_("This picture is no longer here. Choose it again."))
        return self._shown

    def bound_data(self, data: Any, initial: Any) -> Picture | None:
        """Return what the form shows when it comes back: the last picture that was taken."""
        return self._shown

    def prepare_value(self, value: Picture | None) -> str:
        """Return the name of the picture's file."""
        return value.name if value else ""

    def _standing(self, sent: SentPicture, initial: Picture | None) -> Picture | None:
        """Return the picture that the form had, unless it is taken away."""
        if sent.is_removed or sent.standing == "":
            return None
        if sent.standing is None or (initial and initial.name == sent.standing):
            return initial
        same = Picture.objects.filter(digest=files.digest_of(sent.standing), purpose=self.purpose)
        return same.order_by("pk").first()

    def _stored(self, file: "UploadedFile[Any]") -> Picture:
        try:
            return store(file.read(), self.purpose, self.by)
        except PictureRefused as refused:
            raise ValidationError(str(sentence(refused.reason))) from refused
        except OSError as error:
            logger.exception("A picture of %s bytes could not be stored", file.size)
            raise ValidationError(
                _("The picture could not be stored just now. Please try again.")
            ) from error
