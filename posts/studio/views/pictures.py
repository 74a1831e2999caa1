"""Take pictures that authors add to the text of a post."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import guards
from accounts.models import User
from accounts.permissions import may_write, why_not_write
from core.csrf import is_of_another
from core.db.transactions import on_condition
from core.exceptions import ActionRefused

from ..forms.picture import PictureForm


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Store the picture that an author adds, and answer with its address, or why it is refused.

    For scripts: nobody is led to signing in. It is kept for a month until a saved text shows it.
    """
    author = request.user
    if not isinstance(author, User) or is_of_another(request):
        return _refusal(_("You are signed out. Your text is kept: sign in, and add it again."), 403)
    if not may_write(author):
        return _refusal(why_not_write(author), 403)
    if not author.is_author:
        return _refusal(_("Only authors can add pictures."), 403)
    if not ratelimit.consume(request, action="picture", user=author):
        return _refusal(_("You have added 60 pictures in the last hour. Please wait a while."), 429)
    form = PictureForm(request.POST, request.FILES, by=author)
    try:
        with on_condition(lambda: guards.refuse_if_changed(author)):
            is_taken = form.is_valid()
    except ActionRefused as refused:
        return _refusal(str(refused.message), refused.status)
    if not is_taken:
        return _refusal(str(form.errors["picture"][0]), 422)
    return JsonResponse({"address": form.cleaned_data["picture"].address}, status=201)


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": sentence}, status=status)
