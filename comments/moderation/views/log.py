"""The page of the moderation log."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.guards import moderator_required, person_asking
from accounts.models import User
from core.numbers import number
from posts.models import Post
from posts.pages.loading import FULL_TEXT_OF_POST

from ...models.moderation import Decision
from ...querysets import TEXTS

# Decisions per page.
ROWS = 50


def _is_under_a_post_for(reader: User) -> Exists:
    """Return the condition that `reader` may read the post that a decision is about."""
    posts = Post.objects.visible_to(reader)
    about = Q(pk=OuterRef("comment__post")) | Q(pk=OuterRef("change__post"))
    about |= Q(pk=OuterRef("post"))
    return Exists(posts.filter(about))


@require_safe
@moderator_required
def log(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first: all of it to admins, only their own decisions to moderators."""
    reader = person_asking(request)
    rows = Decision.objects.whole().select_related(
        *("by", "person", "comment__author", "change__giver", "post__live_revision", "note"),
        "sentence_to_readers",
    )
    if not reader.is_admin:
        rows = rows.filter(by=reader)
    texts = [*(f"comment__{column}" for column in TEXTS), *FULL_TEXT_OF_POST]
    rows = rows.defer(*texts).annotate(leads_on=_is_under_a_post_for(reader))
    before = request.GET.get("before", "")
    if before:
        start = number(before)
        if start is None:
            raise Http404(_("This page of the log does not exist."))
        rows = rows.filter(pk__lt=start)
    found = list(rows.order_by("-id")[: ROWS + 1])
    context = {
        "decisions": found[:ROWS],
        "earlier": found[ROWS - 1].pk if len(found) > ROWS else None,
        "is_whole": reader.is_admin,
    }
    return render(request, "moderation/log.html", context)
