"""An author's own answer, sealed until readers have answered. Each author sees only their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import drafts
from accounts.guards import author_required, person_asking
from core.exceptions import ActionRefused

from ...actions import seal_answer, withdraw_sealed_answer
from ...actions.sealing import why_not
from ...models import Question, SealedAnswer
from ..access import get_question
from ..forms import SealingForm, attempt


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Seal one's own answer to the question of one's post, or change what is sealed."""
    author = person_asking(request)
    question = get_question(author, pk)
    sealed = _sealed(request, question)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = SealingForm(data, question=question, sealed=sealed)
    if request.method == "POST" and _is_sealed(request, question, form):
        messages.success(request, _("Sealed. Nobody but you knows it until it opens."))
        return redirect("posts:studio-sealed-answer", pk=pk)
    context = {
        "post": question.post,
        "state": question.post.state(),
        "question": question,
        "form": form,
        "sealed": sealed,
        "reason": why_not(question, author, sealed, timezone.now()),
    }
    return render(request, "posts/studio/sealed_answer.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the sealed answer back; once it is open it is history."""
    question = get_question(person_asking(request), pk)
    if request.method != "POST":
        context = {"post": question.post, "sealed": _sealed(request, question)}
        return render(request, "posts/studio/sealed_answer_removal.html", context)
    try:
        withdraw_sealed_answer(question, author=person_asking(request))
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Your sealed answer is taken back, and nobody has seen it."))
    return redirect("posts:studio-sealed-answer", pk=pk)


def _is_sealed(request: HttpRequest, question: Question, form: SealingForm) -> bool:
    """Return whether what a valid `form` says could be sealed; else it says why not."""
    author = person_asking(request)
    made = attempt(
        form,
        lambda: seal_answer(
            question,
            author=author,
            stance_key=form.cleaned_data["stance"],
            opening=form.opening,
        ),
    )
    return made is not None


def _sealed(request: HttpRequest, question: Question) -> SealedAnswer | None:
    rows = SealedAnswer.objects.select_related("stance")
    return rows.filter(question=question, author=person_asking(request)).first()
