"""Serve the pages to write, carry and remove the closing question of a post."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import drafts
from accounts.guards import author_required, form_page, person_asking, post_only
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ... import carried_questions
from ...actions import carry_question, remove_question, set_question
from ...actions.locking import locked
from ...models import Post, Question
from ..access import get_post
from ..forms import QuestionSheet, attempt
from ..head import head_of

CONFLICT = 409
_OVERTAKEN = gettext_lazy(
    "Somebody saved another wording while you were writing. Yours is kept below. "
    "Save again to make yours the newest."
)
_UNKNOWN_START = gettext_lazy(
    "Your form does not say which wording you began with, so nothing is saved yet. Yours is kept "
    "below. Compare it with what is saved, then save again."
)


@form_page
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the question and its answers; the buttons that arrange the answers save nothing."""
    person = person_asking(request)
    post = get_post(person, pk)
    if request.method != "POST":
        return _show(request, post, QuestionSheet(post, drafts.take(request, request.path)))
    act = request.POST.get("act", "")
    if act:
        return _show(request, post, QuestionSheet(post, request.POST, act))
    sheet, before = QuestionSheet(post, request.POST), QuestionSheet(get_post(person, pk))
    if sheet.is_valid():
        question = attempt(sheet.form, lambda: _save(post, sheet))
        if question is not None:
            messages.success(request, _success_message(question, before))
            return redirect("posts:studio-question", pk=post.pk)
    return _show(request, post, sheet)


@post_only
@author_required
def carry(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the question of the earlier part with the sent number again."""
    post = get_post(person_asking(request), pk)
    number = request.POST.get("part", "")
    named = [part for part in carried_questions.askable_again(post) if str(part.position) == number]
    try:
        if not named or named[0].post is None:
            raise ActionRefused(_("Please choose an earlier, published part with a question."))
        carry_question(post, named[0].post.question)
    except ActionRefused as refused:
        return _show(request, post, QuestionSheet(post), refused)
    messages.success(
        request,
        _("This article asks the question of part %(number)d again.")
        % {"number": named[0].position},
    )
    return redirect("posts:studio-question", pk=post.pk)


@form_page
@author_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then delete the question; refused once it has answers."""
    post = get_post(person_asking(request), pk)
    if request.method != "POST":
        return render(request, "posts/studio/question_removal.html", {"post": post})
    try:
        remove_question(post)
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The article has no question now."))
    return redirect("posts:studio-question", pk=post.pk)


@retried
def _save(post: Post, sheet: QuestionSheet) -> Question:
    """Save the sheet; raise `ActionRefused` (409) if another wording was saved since it was opened.

    Raising it undoes the transaction.
    """
    locked(post)
    fresh = QuestionSheet(Post.objects.get(pk=post.pk))
    started = sheet.form.cleaned_data["based_on"]
    question = set_question(
        post,
        text=sheet.form.cleaned_data["text"],
        stances=sheet.stances(),
        reveal=sheet.reveal_rule(),
    )
    changed = question.version is None or question.version.number != fresh.version
    if changed and (started or 0) != fresh.version:
        raise ActionRefused(_OVERTAKEN if started else _UNKNOWN_START, status=CONFLICT)
    return question


def _success_message(question: Question, before: QuestionSheet) -> str:
    """Return the sentence for a saved `question`: what is new, compared with the sheet `before`."""
    number = question.version.number if question.version else 0
    if number == before.version:
        changes = before.changes_to(question)
        if not changes:
            return _("Nothing has changed.")
        return _("Saved: %(changes)s.") % {"changes": get_text_list(changes, _("and"))}
    if number == 1:
        return _("Saved. This is what the article asks.")
    return _(
        "Saved as wording %(number)d. Readers who answered before keep the wording they answered."
    ) % {"number": number}


def _show(
    request: HttpRequest, post: Post, sheet: QuestionSheet, refusal: ActionRefused | None = None
) -> HttpResponse:
    status, overtaken_by = refusal.status if refusal else sheet.status, None
    if status == CONFLICT:
        overtaken_by = QuestionSheet(get_post(person_asking(request), post.pk))
        sheet.question = overtaken_by.question
        sheet.take_as_newest()
    sheet.disable_reveals()
    author = person_asking(request)
    context = {
        **head_of(post),
        "sheet": sheet,
        "overtaken_by": overtaken_by,
        "used": sheet.used,
        "question": sheet.question,
        "may_seal": sheet.version > 0 and author.pk in post.author_ids,
        "sealed": sheet.sealed_by(author),
        "refusal": refusal,
        "asked_before": carried_questions.asked_before(post)[:1],
        "askable": [] if sheet.used else carried_questions.askable_again(post),
    }
    return render(request, "posts/studio/question.html", context, status=status)
