"""Put the sentences of moderation into templates."""

from datetime import datetime

from django import template
from django.utils import timezone

from ..models.moderation import Decision, Flag
from ..moderation import sentences, states
from ..moderation.undo_messages import UndoForm, undo_form

register = template.Library()


@register.filter
def decided(decision: Decision) -> str:
    """Return who decided what, how long ago and why."""
    return sentences.decided(decision)


@register.filter
def age(at: datetime) -> str:
    """Return how long ago `at` was."""
    return sentences.age(at, timezone.now())


@register.filter
def reason(code: str) -> str:
    """Return a reason code in words that follow "it"."""
    return sentences.reason_label(code)


@register.filter
def record(flag: Flag) -> str:
    """Return what else the reporter of `flag` has reported."""
    return sentences.record_of(flag)


@register.filter
def removal_sentence(code: str) -> str:
    """Return the sentence that the writer of a comment removed for this reason reads."""
    return sentences.removal_sentence(code)


@register.filter
def decided_by(decision: Decision) -> str:
    """Return the name of the person who decided."""
    return sentences.decided_by(decision)


@register.filter
def state(code: str) -> str:
    """Return the words for the code of a state in the log."""
    return states.label(code)


@register.filter
def undo(tags: str | None) -> UndoForm | None:
    """Return the form that undoes what a message with these `tags` says, None if none does."""
    return undo_form(tags)
