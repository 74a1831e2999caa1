"""Show a site profile that is not saved: the front page, an article and a mail."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from core.markdown.html import beginning
from publication import current, saving
from publication.look import SCHEMES
from publication.models import SiteProfile

from ..models import Post
from ..pages import loading
from .forms import ProfileForm

_SALT = "posts.site_settings.preview"
# Characters of the article that are shown.
SHOWN = 500
# As a mail shows one; it opens nothing.
CODE = "ABCD-2345"


def profile_of(form: ProfileForm) -> SiteProfile:
    """Return the profile with the valid values of `form`, all others as they are saved."""
    newest = saving.newest()
    form.is_valid()
    values = form.chosen if form.is_bound else {}
    if any(name.startswith("palette-") for name in form.errors):
        values.pop("palette", None)
    profile = SiteProfile(number=newest.number, **(newest.chosen | values))
    return current.with_environment(profile)


def profile_in(signed: str) -> SiteProfile | None:
    """Return the profile whose look is in the address of a preview's style sheet, or None."""
    try:
        palette, typefaces = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    return SiteProfile(palette=palette, typefaces=typefaces)


class Preview:
    """The parts of a preview, each rendered with `profile` in place of the saved one."""

    schemes = SCHEMES

    def __init__(self, profile: SiteProfile) -> None:
        self.profile = profile

    @property
    def look(self) -> str:
        """The address of the style sheet of both schemes."""
        values = signing.dumps([self.profile.palette, self.profile.typefaces], salt=_SALT)
        return reverse("posts:site-preview-look", args=[values])

    @cached_property
    def pages(self) -> SafeString:
        """The front page and an article; without a published post, the front page alone."""
        published = Post.objects.published(timezone.now()).order_by("-published_at", "-id")
        post = loading.with_titles(published.with_text())[:1]
        context: dict[str, Any] = {"post": post[0] if post else None, "public": True}
        if post and post[0].live_revision:
            context["beginning"] = beginning(post[0].live_revision.body_html, SHOWN)
        return self._rendered("posts/site_settings/_preview_pages.html", context)

    @property
    def mail(self) -> dict[str, str]:
        """The mail with a code to sign in: sender, subject and text."""
        site = {"current_site": {"domain": urlsplit(settings.SITE_URL).netloc}, "code": CODE}
        with current.showing(self.profile):
            return {
                "sender": get_adapter().get_from_email(),
                "subject": render_to_string("account/email/login_code_subject.txt", site).strip(),
                "text": render_to_string("account/email/login_code_message.txt", site).strip(),
            }

    def _rendered(self, template: str, context: dict[str, Any]) -> SafeString:
        with current.showing(self.profile):
            return render_to_string(template, context)
