"""The moderation page: the queue beside one open case."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.guards import moderator_required, person_asking
from accounts.models import Admission, User
from core.htmx import is_fragment
from core.sent.fields import Field

from ...access import get_comment
from ...listing.query_params import place
from ...models import Appraisal
from ..cases import Case, open_case, recent_decision
from ..forms import RemovalForm
from ..queue import Kind, ModerationQueue


@require_safe
@moderator_required
def desk(request: HttpRequest) -> HttpResponse:
    """Show the queue with its first case open."""
    queue = queue_of(request, request.GET)
    first = queue.page[0].pk if queue.page else None
    return show(request, queue, first, is_list=True)


@require_safe
@moderator_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one case, waiting or not, beside the queue."""
    return show(request, queue_of(request, request.GET), pk)


def queue_of(request: HttpRequest, params: QueryDict) -> ModerationQueue:
    """Return the page of the queue that `params` name; 404 for an unknown part or a bad cursor."""
    try:
        kind = Kind(params.get("queue", "") or Kind.ALL)
    except ValueError as error:
        raise Http404(_("There is no such queue.")) from error
    return ModerationQueue(person_asking(request), kind, place(params))


def show(
    request: HttpRequest,
    queue: ModerationQueue,
    pk: int | None,
    *,
    is_list: bool = False,
    notice: str = "",
    typed: Sequence[Field] = (),
    form: RemovalForm | None = None,
    removing: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show the queue and the case of the comment `pk`: a fragment for htmx, else the page.

    `typed` is the text of a refused form, to copy.
    """
    opened = _open(request, pk, form) if pk is not None else None
    context: dict[str, Any] = {
        "queue": queue,
        "entries": queue.entries(pk),
        "case": opened,
        "is_list": is_list,
        "notice": notice,
        "typed": typed,
        "removing": removing or form is not None,
        "lately": recent_decision(queue.user),
        "doubtful": Appraisal.objects.doubtful(),
        "requests": User.objects.public().filter(admission=Admission.WAITING).count(),
        "place": queue.place_of(pk),
        "next_pk": queue.next_after(pk),
        "is_fragment": is_fragment(request),
    }
    template = "moderation/_desk.html" if is_fragment(request) else "moderation/desk.html"
    return render(request, template, context, status=status)


def _open(request: HttpRequest, pk: int, form: RemovalForm | None) -> Case:
    return open_case(person_asking(request), get_comment(request.user, pk), form)
