"""Render the texts of comments: the one door from what readers write to HTML."""

from django.utils.safestring import SafeString

from core.markdown.html import Profile, render

from .people import addresses_in


def rendered(text: str) -> SafeString:
    """Return the `text` of a comment as HTML, with links to the people that it mentions.

    Raises `MarkupRefused`. Call it outside of the transaction that stores it.
    """
    return render(text, Profile.COMMENT, addresses_in(text))
