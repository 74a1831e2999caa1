"""Put the sentences of moderation into templates."""

from django import template

from ..models.moderation import Decision
from ..moderation import words

register = template.Library()


@register.filter
def decided(decision: Decision) -> str:
    """Return who decided what, how long ago and why."""
    return words.decided(decision)


@register.filter
def reason(code: str) -> str:
    """Return a reason code in words that follow "it"."""
    return words.reason_label(code)


@register.filter
def removal_sentence(code: str) -> str:
    """Return the sentence that the writer of a comment removed for this reason reads."""
    return words.removal_sentence(code)
