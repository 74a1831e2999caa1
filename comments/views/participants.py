"""Answer with the people of a discussion whose handle or name begins with what was typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import person_asking, signed_in
from accounts.models import HANDLE_LENGTH
from core.exceptions import ActionRefused

from ..access import get_post
from ..actions import rate_limits
from ..actions.mentions.participants import participants


@require_safe
@signed_in
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with handles and names, none for what can begin nobody's; 429 if asked too often."""
    person, post = person_asking(request), get_post(request.user, slug)
    try:
        rate_limits.check_lookup_rate(person, now=timezone.now())
    except ActionRefused as refused:
        waits = {"Retry-After": str(refused.retry_after)}
        return JsonResponse({"people": []}, status=refused.status, headers=waits)
    typed = request.GET.get("begins", "")
    can_begin = typed.isprintable() and 0 < len(typed.strip()) <= HANDLE_LENGTH
    found = participants(post, typed, asker=person) if can_begin else ()
    people = [{"handle": each.handle, "name": each.display_name} for each in found]
    return JsonResponse({"people": people}, json_dumps_params={"ensure_ascii": False})
