"""Serve the pages to seal, change and withdraw an author's answer; each author sees only theirs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import author_required, form_page, person_asking
from core.exceptions import ActionRefused

from ...actions import seal_answer, withdraw_sealed_answer
from ...actions.sealed_answers import sealing_refusal
from ...models import Question, SealedAnswer
from ..access import get_question
from ..forms import SealingForm, attempt
from ..head import head_of


@form_page
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Seal an answer to the question of the author's own post, or change the sealed one."""
    author = person_asking(request)
    question = get_question(author, pk)
    sealed = _sealed_answer(request, question)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = SealingForm(data, question=question, sealed=sealed)
    if request.method == "POST" and _seal(request, question, form):
        messages.success(request, _("Sealed. Only you know it until it opens."))
        return redirect("posts:studio-sealed-answer", pk=pk)
    context = {
        **head_of(question.post),
        "question": question,
        "form": form,
        "sealed": sealed,
        "reason": sealing_refusal(question, author, sealed, timezone.now()),
    }
    return render(request, "posts/studio/sealed_answer.html", context, status=form.status)


@form_page
@author_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then withdraw the sealed answer; refused once it is open."""
    question = get_question(person_asking(request), pk)
    if request.method != "POST":
        context = {"post": question.post, "sealed": _sealed_answer(request, question)}
        return render(request, "posts/studio/sealed_answer_removal.html", context)
    try:
        withdraw_sealed_answer(question, author=person_asking(request))
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Your sealed answer is taken back, and nobody has seen it."))
    return redirect("posts:studio-sealed-answer", pk=pk)


def _seal(request: HttpRequest, question: Question, form: SealingForm) -> bool:
    """Seal the answer of a valid `form`; return whether it was, with the reason in `form`."""
    author = person_asking(request)
    sealed = attempt(
        form,
        lambda: seal_answer(
            question,
            author=author,
            stance_key=form.cleaned_data["stance"],
            opening=form.opening,
        ),
    )
    return sealed is not None


def _sealed_answer(request: HttpRequest, question: Question) -> SealedAnswer | None:
    rows = SealedAnswer.objects.select_related("stance")
    return rows.filter(question=question, author=person_asking(request)).first()
