"""The sentences of moderation in templates."""

from django import template

from ..models.moderation import Decision
from ..moderation import sentences

register = template.Library()


@register.filter
def decided(decision: Decision) -> str:
    """Say who decided what, how long ago and why."""
    return sentences.decided(decision)


@register.filter
def reason(code: str) -> str:
    """Say a reason code in words that follow "it"."""
    return sentences.reason_label(code)


@register.filter
def removal_sentence(code: str) -> str:
    """Say what the writer of a comment removed for this reason reads."""
    return sentences.removal_sentence(code)
