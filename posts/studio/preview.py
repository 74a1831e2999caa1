"""Preview unpublished text: as HTML beside the editor, and as a page at a signed address."""

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
    """Return the Markdown `text` as HTML, or a notice if it is empty or cannot be rendered."""
    if not text.strip():
        return format_html(
            '<div class="field__help">{}</div>', _("What you write appears here as readers see it.")
        )
    if len(text) > limits.POST_MAX:
        return preview_notice(_("This text is too long to show or save. Please shorten it."))
    try:
        return render(text, Profile.POST)
    except MarkupRefused as refused:
        return preview_notice(str(refused.message))


def preview_notice(sentence: str) -> SafeString:
    """Return `sentence` as an error notice to show instead of a preview."""
    return format_html('<div class="notice notice--error">{}</div>', sentence)


def preview_url(post: Post) -> str:
    """Return the path of the preview page of `post`, which only its editors may open."""
    return reverse("posts:preview", args=[signing.Signer(salt=_SALT).sign(str(post.pk))])


def previewed_pk(token: str) -> int | None:
    """Return the post id signed in the `token` of a preview's path, None if it is forged."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
