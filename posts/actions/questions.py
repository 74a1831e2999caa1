"""Write the closing question of a post: its wording, its stances, and the versions of both."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import inf

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db.transactions import retried
from core.exceptions import ActionRefused
from publication.answers import ANSWERS_MAX, ANSWERS_MIN, as_seen, default_answers

from .. import carried_questions
from ..models import Post, Question, QuestionVersion, Stance, StanceWording
from .locking import locked

STANCES_MIN, STANCES_MAX = ANSWERS_MIN, ANSWERS_MAX


@dataclass(frozen=True)
class StanceInput:
    """Hold an author's input for one stance; the order of a list of these is the order shown."""

    key: str
    word: str
    shape: str
    colour: str
    meaning: str = ""


def default_stances() -> list[StanceInput]:
    """Return the stances with which a new question of this site begins."""
    return [StanceInput(**asdict(answer)) for answer in default_answers()]


@dataclass(frozen=True)
class RevealRule:
    """Say when readers see the totals: a `Question.Reveal`, and the time from which all do."""

    reveal: str = Question.Reveal.ALWAYS
    closes_at: datetime | None = None


@retried
def set_question(
    post: Post,
    *,
    text: str,
    stances: Sequence[StanceInput],
    reveal: RevealRule | None = None,
) -> Question:
    """Set the closing question of `post` to `text` with `stances`, and return the question.

    A changed text, word or meaning begins a new version; earlier answers keep the version they
    were given to. Keys, words, shapes and colours have to differ from each other. A stance that has
    answers cannot be left out. Without `reveal`, the time when totals are shown stays as it is. If
    the offered stances or their order change, the page version is raised, so that the discussion,
    whose first threads are in that order, is ranked anew.

    Raises `ActionRefused`.
    """
    text = text.strip()
    _refuse_unless_complete(text, stances)
    locked(post)
    question = Question.objects.filter(post=post).first() or Question.objects.create(post=post)
    if reveal is not None:
        _set_reveal(question, reveal)
    before, order = _wording(question), _order(question)
    _refuse_moved_words(question, stances)
    _withdraw_others(question, {stance.key for stance in stances})
    rows = [_save(question, position, stance) for position, stance in enumerate(stances, start=1)]
    if before != (text, {(stance.key, stance.word, stance.meaning) for stance in stances}):
        _begin_version(question, text, rows)
    if order and order != [stance.key for stance in stances]:
        post.bump_page_version()
    return question


def _order(question: Question) -> list[str]:
    """Return the keys of the stances that `question` offers, in the order shown."""
    return list(question.stances.filter(is_offered=True).values_list("key", flat=True))


def _set_reveal(question: Question, rule: RevealRule) -> None:
    """Set when the totals are shown; once the question has answers, only sooner than before.

    A later time would break what readers were promised when they answered. Where everybody sees the
    totals by now, nothing changes.
    """
    if rule.reveal == Question.Reveal.AFTER_CLOSE and rule.closes_at is None:
        raise ActionRefused(_("Please choose when everybody sees the totals."), field="closes_at")
    if _is_answered(question):
        if rule.reveal not in reveals_left(question) or _is_later(question, rule):
            raise ActionRefused(
                _("Readers have answered. From now on the totals can only be shown sooner."),
                field="reveal",
            )
        if question.shows_totals_to_all:
            return
    question.reveal, question.closes_at = rule.reveal, rule.closes_at
    question.save(update_fields=["reveal", "closes_at"])


def _is_later(question: Question, rule: RevealRule) -> bool:
    """Return whether readers, with or without an answer, would see the totals later by `rule`."""
    before = _reveal_times(question.reveal, question.closes_at)
    return any(
        new > old
        for new, old in zip(_reveal_times(rule.reveal, rule.closes_at), before, strict=True)
    )


def reveals_left(question: Question) -> set[str]:
    """Return each `Question.Reveal` that `question` can still have once readers have answered it.

    One alone where everybody sees the totals: nothing comes sooner.
    """
    if question.shows_totals_to_all:
        return {question.reveal}
    if question.reveal == Question.Reveal.AFTER_ANSWER:
        return {Question.Reveal.ALWAYS, Question.Reveal.AFTER_ANSWER}
    return set(Question.Reveal.values)


def _reveal_times(reveal: str, closes_at: datetime | None) -> tuple[float, float]:
    """Return when readers with an answer see the totals, and when everybody does.

    In seconds since 1970: minus infinity for any time in the past, infinity for never.
    """
    closing = closes_at.timestamp() if closes_at else inf
    closing = closing if closing > timezone.now().timestamp() else -inf
    for_all = -inf if reveal == Question.Reveal.ALWAYS else closing
    return (closing if reveal == Question.Reveal.AFTER_CLOSE else -inf), for_all


@retried
def carry_question(post: Post, source: Question) -> Question:
    """Ask `source`, the question of an earlier part, again under `post`; return the new question.

    Text and stances are copied under the same keys, by which the answers of both are compared.
    Once the new question has answers, only the same `source` is accepted, and changes nothing.

    Raises `ActionRefused`.
    """
    # An answering reader locks a stance, then the post: the same order here prevents a deadlock.
    list(Stance.objects.select_for_update(of=("self",)).filter(question__post=post))
    locked(post)
    question = Question.objects.filter(post=post).first()
    if question is not None and question.carried_from_id == source.pk and _is_answered(question):
        return question
    _refuse_unless_askable(post, question, source)
    stances = [
        StanceInput(each.key, each.word, each.shape, each.colour, each.meaning)
        for each in source.offered
    ]
    question = set_question(post, text=str(source), stances=stances)
    question.carried_from = source
    question.save(update_fields=["carried_from"])
    return question


def _refuse_unless_askable(post: Post, question: Question | None, source: Question) -> None:
    """Refuse a `source` that no earlier published part asks, and a cycle of carried questions."""
    if all(part.post_id != source.post_id for part in carried_questions.askable_again(post)):
        raise ActionRefused(
            _("Only the question of an earlier, published part can be asked again.")
        )
    if question is None:
        return
    if _is_answered(question):
        raise ActionRefused(_("Readers have answered this question. It has to stay as it is."))
    origin: Question | None = source
    while origin is not None:
        if origin == question:
            raise ActionRefused(_("That part already asks the question of this article again."))
        origin = origin.carried_from


@retried
def remove_question(post: Post) -> None:
    """Delete the closing question of `post`, if it has one.

    Raises `ActionRefused` for a question with answers, sealed answers or later parts that carry it.
    """
    locked(post)
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
    """Return whether any row except the question's own wordings refers to `stance`.

    The relations are read from the models, since `posts` cannot import comments and answers. Sealed
    answers do not count (their relation is hidden): counting one would disclose it.
    """
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: stance}).exists()
        for relation in Stance._meta.related_objects
        if relation.related_model is not StanceWording
    )


def _refuse_unless_complete(text: str, stances: Sequence[StanceInput]) -> None:
    if not text:
        raise ActionRefused(_("Please write the question."), field="text")
    if not STANCES_MIN <= len(stances) <= STANCES_MAX:
        raise ActionRefused(_("A question has two to five answers."), field="stances")
    if any(not stance.word.strip() for stance in stances):
        raise ActionRefused(_("Every answer needs a word."), field="stances")
    for name in ("key", "word", "shape", "colour"):
        values = {as_seen(getattr(stance, name).strip()) for stance in stances}
        if len(values) < len(stances):
            raise ActionRefused(
                _("Two answers must not share a word, a shape or a colour."), field="stances"
            )


def _wording(question: Question) -> tuple[str, set[tuple[str, str, str]]] | None:
    """Return the current text and the (key, word, meaning) of each stance, None without text."""
    if question.version is None:
        return None
    wordings = question.version.wordings.values_list("stance__key", "word", "meaning")
    return question.version.text, set(wordings)


def _refuse_moved_words(question: Question, stances: Sequence[StanceInput]) -> None:
    """Refuse to give the word of an answer, which readers gave, to another answer.

    Their answers would be counted under a word that they did not choose.
    """
    words = {as_seen(given.word.strip()): given.key for given in stances}
    for wording in _wordings_shown(question).select_related("stance").order_by("pk"):
        key = words.get(as_seen(wording.word.strip()), wording.stance.key)
        if key != wording.stance.key and is_in_use(wording.stance):
            raise ActionRefused(
                _(
                    "Readers have answered “%(word)s”, so another answer cannot have this word. "
                    "To change the order, move the answers instead of their words."
                )
                % {"word": wording.word},
                field="stances",
            )


def _wordings_shown(question: Question) -> "QuerySet[StanceWording]":
    """Return the wordings that readers have seen: those since the post was first published."""
    published = question.post.published_at
    before = question.versions.filter(created_at__lte=published) if published else question.versions
    first = before.order_by("-number").values_list("number", flat=True).first()
    return StanceWording.objects.filter(version__question=question, version__number__gte=first or 0)


def _withdraw_others(question: Question, keys: set[str]) -> None:
    """Stop offering the stances not in `keys`; their rows stay for older wordings."""
    others = question.stances.filter(is_offered=True).exclude(key__in=keys)
    if others and question.sealed_answers.closed().exists():
        # Refuse for every stance: refusing only the sealed one would disclose it.
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


def _save(question: Question, position: int, given: StanceInput) -> Stance:
    stance, _created = Stance.objects.update_or_create(
        question=question,
        key=given.key,
        defaults={
            "position": position,
            "word": given.word,
            "meaning": given.meaning,
            "shape": given.shape,
            "colour": given.colour,
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
