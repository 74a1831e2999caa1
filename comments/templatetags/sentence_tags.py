"""Template tag for the sentences of the stance, reasons, closing and verdict pages."""

from django import template

from .. import sentences

register = template.Library()


@register.simple_tag
def say(name: str, *about: object, **more: object) -> str:
    """Return the sentence `name` of `comments.sentences`, empty where it is not true."""
    sentence: str = getattr(sentences, name)(*about, **more)
    return sentence
