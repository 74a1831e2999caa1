"""Showing words before they are out: as HTML while one types, and as a whole page."""

from django.core import signing
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import limits
from core.markdown.html import MarkupRefused, Profile, render

from ..models import Post

_SALT = "posts.studio.preview"


def render_preview(text: str) -> SafeString:
    """Return `text` as readers would see it, or a sentence on why they could not."""
    if not text.strip():
        return format_html(
            '<div class="field__help">{}</div>', _("What you write appears here as readers see it.")
        )
    if len(text) > limits.POST_MAX:
        return preview_notice(_("This text is too long to be shown, and to be saved."))
    try:
        return render(text, Profile.POST)
    except MarkupRefused as refused:
        return preview_notice(str(refused.message))


def preview_notice(sentence: str) -> SafeString:
    """Return `sentence` in the place of a preview."""
    return format_html('<div class="notice notice--error">{}</div>', sentence)


def preview_url(post: Post) -> str:
    """Return the address of the full preview of `post`; it opens to those who may edit only."""
    return reverse("posts:preview", args=[signing.Signer(salt=_SALT).sign(str(post.pk))])


def previewed_pk(token: str) -> int | None:
    """Return the id of the post that a preview's address names, or None if nobody made it."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
