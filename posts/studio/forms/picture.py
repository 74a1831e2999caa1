"""Define the form that takes a picture for the text of a post."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from pictures.forms import PictureField
from pictures.models import Picture
from pictures.purposes import Purpose


class PictureForm(forms.Form):
    """Take one picture, which `by` uploads: the field of the request is `picture-file`."""

    picture = PictureField(Purpose.ARTICLE, label=_("Picture"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["picture"]
        assert isinstance(field, PictureField)
        field.by = by

    def clean_picture(self) -> Picture:
        """Return the picture; raise `ValidationError` if none was sent."""
        picture: Picture | None = self.cleaned_data["picture"]
        if picture is None:
            raise forms.ValidationError(_("Choose a picture first."))
        return picture
