"""The form that makes an invitation link."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import NumberField, SafeLineField

from .models import LABEL_MAX

# What most links are for: a few people who are given it this week.
DAYS = 7


def _next_week() -> date:
    return timezone.localdate() + timedelta(days=DAYS)


class InvitationForm(forms.Form):
    """Ask what the link is called, how many people it lets in, and its last day."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    label = SafeLineField(
        label=_("Who it is for"),
        max_length=LABEL_MAX,
        required=False,
        help_text=_("A label for your list, such as “Spring course”. Only admins see it."),
    )
    uses = NumberField(
        label=_("How many people can use it"),
        min_value=1,
        max_value=limits.INVITATION_USES_MAX,
        initial=1,
    )
    last_day = forms.DateField(
        label=_("Last day"),
        initial=_next_week,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please write a date, like 2030-01-31.")},
    )

    def clean_last_day(self) -> date:
        """Return the day; refuse one that is past, or more than `INVITATION_DAYS_MAX` away."""
        day: date = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if not today <= day <= today + timedelta(days=limits.INVITATION_DAYS_MAX):
            raise forms.ValidationError(_("Choose a day between today and a year from now."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """The values of the valid form, with the moment at which the last day ends."""
        values = dict(self.cleaned_data)
        day_after = values.pop("last_day") + timedelta(days=1)
        return {**values, "ends_at": timezone.make_aware(datetime.combine(day_after, time.min))}
