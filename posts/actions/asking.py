"""The closing question of a post: its wording, its stances, and the versions of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.utils import timezone
from django.utils.translation import gettext as _

from core.db.transactions import retried
from core.exceptions import ActionRefused

from .. import carried_questions
from ..models import Post, Question, QuestionVersion, Stance, StanceWording

# One answer is no choice, and six do not fit beside each other.
STANCES_MIN, STANCES_MAX = 2, 5


@dataclass(frozen=True)
class StanceWords:
    """One answer as its author gives it; the order of a list of these is the order shown."""

    key: str
    word: str
    shape: str
    colour: str
    meaning: str = ""


def default_stances() -> list[StanceWords]:
    """Return the three answers that fit any question about two things."""
    return [
        StanceWords("different", _("Different"), "apart", "blue", _("They are two things.")),
        StanceWords("same", _("Same"), "within", "orange", _("They are one thing.")),
        StanceWords("overlap", _("Overlap"), "crossing", "green", _("They share some ground.")),
    ]


@dataclass(frozen=True)
class Showing:
    """When readers see the totals: a value of `Question.Reveal`, and the moment for all."""

    reveal: str = Question.Reveal.ALWAYS
    closes_at: datetime | None = None


@retried
def set_question(
    post: Post,
    *,
    text: str,
    stances: Sequence[StanceWords],
    showing: Showing | None = None,
) -> Question:
    """Give `post` the closing question `text` with these answers, and return the question.

    Other words, of the question or of an answer, begin a new version; whoever answered before
    keeps the version they answered. Keys, shapes, colours and words have to differ. An answer
    that somebody has given cannot be left out. Without `showing`, totals are shown as before.
    Raises `ActionRefused`.
    """
    text = text.strip()
    _refuse_unless_complete(text, stances)
    Post.objects.select_for_update().get(pk=post.pk)
    question = Question.objects.filter(post=post).first() or Question.objects.create(post=post)
    if showing is not None:
        _show_totals(question, showing)
    before = _words(question)
    _drop_others(question, {stance.key for stance in stances})
    rows = [_save(question, position, stance) for position, stance in enumerate(stances, start=1)]
    if before != (text, {(stance.key, stance.word, stance.meaning) for stance in stances}):
        _begin_version(question, text, rows)
    return question


def _show_totals(question: Question, showing: Showing) -> None:
    """Let the totals be shown as said; once somebody has answered, only sooner than before.

    Who answered was promised something: what was open cannot be closed behind them.
    """
    if showing.reveal == Question.Reveal.AFTER_CLOSE and showing.closes_at is None:
        raise ActionRefused(
            _("Please say from when on everybody sees the totals."), field="closes_at"
        )
    if _is_answered(question) and _is_tighter(question, showing):
        raise ActionRefused(
            _("Readers have answered. From now on the totals can only be shown sooner."),
            field="reveal",
        )
    question.reveal, question.closes_at = showing.reveal, showing.closes_at
    question.save(update_fields=["reveal", "closes_at"])


def _is_tighter(question: Question, showing: Showing) -> bool:
    """Return whether anybody, with an answer or without, would see the totals later than before."""
    before = _moments(question.reveal, question.closes_at)
    return any(
        new > old
        for new, old in zip(_moments(showing.reveal, showing.closes_at), before, strict=True)
    )


def _moments(reveal: str, closes_at: datetime | None) -> tuple[float, float]:
    """Return from when on those who have answered see the totals, and from when on all do.

    In seconds since 1970; what is past is one moment, and infinity is never.
    """
    closing = closes_at.timestamp() if closes_at else inf
    closing = closing if closing > timezone.now().timestamp() else -inf
    for_all = -inf if reveal == Question.Reveal.ALWAYS else closing
    return (closing if reveal == Question.Reveal.AFTER_CLOSE else -inf), for_all


@retried
def carry_question(post: Post, source: Question) -> Question:
    """Ask `source`, the question of an earlier part, again under `post`; return the new question.

    Its words and its answers are copied, under the same keys: both parts are compared by them. Who
    has answered the new question answered it as carried from where it was. Raises `ActionRefused`.
    """
    # Whoever answers holds on to a stance, then to the post: so does this, and neither overtakes.
    list(Stance.objects.select_for_update(of=("self",)).filter(question__post=post))
    Post.objects.select_for_update().get(pk=post.pk)
    question = Question.objects.filter(post=post).first()
    if question is not None and question.carried_from_id == source.pk and _is_answered(question):
        return question
    _refuse_unless_askable(post, question, source)
    stances = [
        StanceWords(each.key, each.word, each.shape, each.colour, each.meaning)
        for each in source.offered
    ]
    question = set_question(post, text=str(source), stances=stances)
    question.carried_from = source
    question.save(update_fields=["carried_from"])
    return question


def _refuse_unless_askable(post: Post, question: Question | None, source: Question) -> None:
    """Refuse what is no question of an earlier part that is out, or would end in itself."""
    if all(part.post_id != source.post_id for part in carried_questions.askable_again(post)):
        raise ActionRefused(
            _("Only the question of an earlier part that is out can be asked again.")
        )
    if question is None:
        return
    if _is_answered(question):
        raise ActionRefused(_("Readers have answered this question. It has to stay as it is."))
    origin: Question | None = source
    while origin is not None:
        if origin == question:
            raise ActionRefused(_("That part asks the question of this one already."))
        origin = origin.carried_from


@retried
def remove_question(post: Post) -> None:
    """Take the closing question from `post`.

    Raises `ActionRefused` once somebody has answered it, or while a later part asks it again.
    """
    question = Question.objects.filter(post=post).first()
    if question is None:
        return
    if _is_answered(question):
        raise ActionRefused(_("Readers have answered this question. It has to stay."), field="text")
    if question.sealed_answers.exists():
        raise ActionRefused(
            _("An author has sealed an answer. The question has to stay."), field="text"
        )
    if question.carried_to.exists():
        raise ActionRefused(
            _("A later part asks this question again. It has to stay."), field="text"
        )
    question.version = None
    question.save(update_fields=["version"])
    StanceWording.objects.filter(version__question=question).delete()
    question.delete()


def _is_answered(question: Question) -> bool:
    return any(is_in_use(stance) for stance in question.stances.all())


def is_in_use(stance: Stance) -> bool:
    """Return whether any row beyond the question's own wordings points at `stance`.

    Comments and answers live in an app that `posts` does not know; the models know it. A sealed
    answer is not among them (its relation has no name): whether one is in use would give it away.
    """
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: stance}).exists()
        for relation in Stance._meta.related_objects
        if relation.related_model is not StanceWording
    )


def _refuse_unless_complete(text: str, stances: Sequence[StanceWords]) -> None:
    if not text:
        raise ActionRefused(_("Please write the question."), field="text")
    if not STANCES_MIN <= len(stances) <= STANCES_MAX:
        raise ActionRefused(_("A question has two to five answers."), field="stances")
    if any(not stance.word.strip() for stance in stances):
        raise ActionRefused(_("Every answer needs a word."), field="stances")
    for name in ("key", "word", "shape", "colour"):
        values = {getattr(stance, name).strip().casefold() for stance in stances}
        if len(values) < len(stances):
            raise ActionRefused(
                _("Two answers must not share a word, a shape or a colour."), field="stances"
            )


def _words(question: Question) -> tuple[str, set[tuple[str, str, str]]] | None:
    """Return the present wording of the question and its answers, or None without one."""
    if question.version is None:
        return None
    wordings = question.version.wordings.values_list("stance__key", "word", "meaning")
    return question.version.text, set(wordings)


def _drop_others(question: Question, keys: set[str]) -> None:
    """Stop offering the answers not among `keys`; their rows stay, older wordings name them."""
    others = question.stances.filter(is_offered=True).exclude(key__in=keys)
    if others and question.sealed_answers.closed().exists():
        # Any of them, whichever was sealed: to refuse only that one would open it.
        raise ActionRefused(
            _("An author has sealed an answer. Until it opens, all answers have to stay."),
            field="stances",
        )
    for stance in others:
        if is_in_use(stance):
            raise ActionRefused(
                _("Readers have answered “%(word)s”. That answer has to stay.")
                % {"word": stance.word},
                field="stances",
            )
        stance.is_offered = False
        stance.save(update_fields=["is_offered"])


def _save(question: Question, position: int, words: StanceWords) -> Stance:
    stance, _created = Stance.objects.update_or_create(
        question=question,
        key=words.key,
        defaults={
            "position": position,
            "word": words.word,
            "meaning": words.meaning,
            "shape": words.shape,
            "colour": words.colour,
            "is_offered": True,
        },
    )
    return stance


def _begin_version(question: Question, text: str, stances: Sequence[Stance]) -> None:
    version = QuestionVersion.objects.create(
        question=question, number=question.versions.count() + 1, text=text
    )
    StanceWording.objects.bulk_create(
        StanceWording(version=version, stance=stance, word=stance.word, meaning=stance.meaning)
        for stance in stances
    )
    question.version = version
    question.save(update_fields=["version"])
