"""Serve the page of an article's e-mail: its preview, how many get it, and a test to oneself.

The preview is a document of its own in a sandboxed frame. A mail has its style in each element, so
that document allows inline styles; it allows no scripts, and loads nothing.
"""

from typing import Any

from allauth.core import ratelimit
from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import author_required, person_asking, post_only
from core.exceptions import ActionRefused

from ...models import Post
from ...newsletter import trials
from ...newsletter.audience import reach_of
from ..access import get_post
from ..head import head_of

_FRAME = {"frame-src": ["'self'"]}
# Links of the mail open in a window of their own, since no page of ours can be framed.
_OPENS = "allow-popups allow-popups-to-escape-sandbox"
_MAIL = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": _OPENS.split(),
}


@require_safe
@never_cache
@author_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the mail of the newest text of a post, and how many will get it or have got it."""
    post = _own_post(request, pk)
    context: dict[str, Any] = {
        **head_of(post),
        "reach": reach_of(post),
        "opens": _OPENS,
        "address": person_asking(request).email,
    }
    try:
        context["letter"] = trials.letter_for(post, person_asking(request), is_test=False)
    except ActionRefused as refused:
        context["refused"] = refused.message
    response = render(request, "posts/studio/newsletter.html", context)
    response[POLICY] = build_policy(update=_FRAME)
    return response


@require_safe
@never_cache
@author_required
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the HTML of that mail, for the frame on the page."""
    post = _own_post(request, pk)
    letter = trials.letter_for(post, person_asking(request), is_test=False)
    html = letter.html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html, headers={"X-Frame-Options": "SAMEORIGIN"})
    response["X-Robots-Tag"] = "noindex"
    response[POLICY] = build_policy(config=_MAIL)
    return response


@post_only
@author_required
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send that mail to the author who asks, at most five times an hour."""
    post, person = _own_post(request, pk), person_asking(request)
    if not ratelimit.consume(request, action="newsletter_test", user=person):
        raise ActionRefused(
            _("You have sent five tests in the last hour. Please wait a while."), status=429
        )
    address = trials.send(post, person)
    messages.success(request, _("We sent a test to %(address)s.") % {"address": address})
    return redirect("posts:studio-newsletter", pk=pk)


def _own_post(request: HttpRequest, pk: int) -> Post:
    """Return the post; 404 or 403 as for `get_post`, and 403 for an admin who did not write it."""
    post = get_post(person_asking(request), pk)
    if person_asking(request).pk not in post.author_ids:
        raise PermissionDenied(_("Only the authors of an article can try its e-mail."))
    return post
