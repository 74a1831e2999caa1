"""Store the drafts of accounts, one for each form: save, find, throw away, bring back, delete."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import QueryDict
from django.utils import timezone

from core import limits
from core.db.prepared import Prepared, PreparedDelete
from core.db.transactions import retried
from core.numbers import number
from core.sent.fields import texts_of

from ..locking import lock_account
from ..models import KeptForm, User

# The field of a form that says to what it replies, where a page has several forms.
PARENT = "parent"
# The fields of a form that say which page sends it, and which version of the draft that knows.
PAGE, KNOWN = "draft_page", "draft_known"
Typed = Mapping[str, list[str]]


@dataclass(frozen=True)
class FormPlace:
    """Where a draft belongs: the path of its form, and the id of what it replies to, if any."""

    path: str
    parent: str = ""

    @classmethod
    def of(cls, path: str, parent: str) -> "FormPlace":
        """Return the place of the form at `path` whose field `parent` somebody sent."""
        found = number(parent)
        # PostgreSQL refuses a null character, which no path of ours has.
        return cls(path.replace("\0", ""), str(found) if found else "")

    def mark_of(self, person: int) -> str:
        """Return the mark on a page by which scripts remove the copy in the browser of `person`."""
        return f"{person}:{self.address}"

    @property
    def address(self) -> str:
        """The address of the page with the form."""
        return KeptForm(path=self.path, parent=self.parent).address


@dataclass(frozen=True)
class SendingPage:
    """The page that sends a form: its mark, and the version of the draft that it knows, if any.

    Of the forms that have these fields, a page changes only a draft that it made or has shown.
    Others have an empty mark, and their last page wins.
    """

    mark: str = ""
    known: int = 0

    @classmethod
    def of(cls, form: QueryDict) -> "SendingPage":
        """Return the page that sent `form`."""
        return cls(form.get(PAGE, ""), number(form.get(KNOWN, "")) or 0)

    def may_change(self, draft: KeptForm) -> bool:
        """Return whether `draft` has no words that this page has not seen."""
        if not self.mark or draft.is_thrown_away or draft.version == self.known:
            return True
        return draft.fields.get(PAGE) == self.mark


ANY_PAGE = SendingPage()


class NewerDraft(Exception):
    """Another page has saved a draft that the page which asks has not seen."""


@retried
def save(
    person: int, place: FormPlace, typed: Typed, page: SendingPage = ANY_PAGE
) -> KeptForm | None:
    """Keep `typed` as the draft at `place`, or delete that if nothing is typed any more.

    Raises `NewerDraft`, and changes nothing, if there is one that `page` may not change.
    """
    if not _may_change(person, place, page):
        raise NewerDraft
    if texts_of(form_of(typed)):
        return put(person, place, typed)
    forget(person, place)
    return None


@retried
def put(person: int, place: FormPlace, typed: Typed) -> KeptForm:
    """Keep `typed` as the draft at `place` in place of an earlier one.

    Beyond a number of drafts, and of characters in all of them, the oldest are deleted.
    """
    # With escapes a letter of most scripts would count as six characters.
    words = json.dumps(typed, ensure_ascii=False)
    kept = {"typed": words, "kept_at": timezone.now(), "thrown_away_at": None}
    draft, _new = KeptForm.objects.update_or_create(
        person_id=person, path=place.path, parent=place.parent, defaults=kept
    )
    _delete_beyond_limits(person)
    return draft


def standing(person: int, place: FormPlace) -> KeptForm | None:
    """Return the draft at `place`; one that was thrown away only while it may be brought back."""
    found = _AT_PLACE.objects(person=person, path=place.path, parent=place.parent)
    return next((draft for draft in found if draft.is_offered), None)


@retried
def throw_away(person: int, place: FormPlace, typed: Typed, page: SendingPage = ANY_PAGE) -> None:
    """Throw away the draft at `place`, with what was `typed` last; for a while it can be undone.

    One that `page` may not change stays as it is.
    """
    if not _may_change(person, place, page):
        return
    if texts_of(form_of(typed)):
        put(person, place, typed)
    _rows_at(person, place).update(thrown_away_at=timezone.now())


@retried
def bring_back(person: int, place: FormPlace) -> bool:
    """Return whether the draft thrown away at `place` was still there, and is a draft again."""
    offered = timezone.now() - timedelta(seconds=limits.UNDO_OFFER)
    thrown = _rows_at(person, place).filter(thrown_away_at__gt=offered)
    return bool(thrown.update(thrown_away_at=None, kept_at=timezone.now()))


def has(person: int, place: FormPlace) -> bool:
    """Return whether there is a draft at `place`, thrown away or not."""
    return _rows_at(person, place).exists()


def forget(person: int, place: FormPlace) -> None:
    """Delete the draft at `place`: its words are sent, or there are none."""
    _DELETED.run(person=person, path=place.path, parent=place.parent)


@retried
def forget_from(person: int, place: FormPlace, page: SendingPage) -> None:
    """Delete the draft at `place` if `page`, whose words are saved, may change it."""
    if _may_change(person, place, page):
        forget(person, place)


def drafts_at(person: int, path: str) -> "QuerySet[KeptForm]":
    """Return the drafts of all forms at `path` of the account with the id `person`."""
    return KeptForm.objects.filter(person=person, path=path, thrown_away_at=None)


def drafts_of(person: int) -> "QuerySet[KeptForm]":
    """Return all drafts of the account with the id `person`; their number is limited."""
    return KeptForm.objects.filter(person=person, thrown_away_at=None)


def newest_address(person: User, seconds: int = limits.KEPT_FOR_ACCOUNT) -> str | None:
    """Return where the newest draft of `person` waits, or None; of the last `seconds` alone."""
    since = timezone.now() - timedelta(seconds=seconds)
    kept = KeptForm.objects.filter(person=person, thrown_away_at=None, kept_at__gt=since)
    newest = kept.order_by("-kept_at", "-pk").first()
    return newest.address if newest else None


def forget_old() -> None:
    """Delete what nobody wants any more, a batch at a time.

    What was typed signed out goes after a day, what was thrown away after another, and drafts of
    accounts after a month.
    """
    now = timezone.now()
    day = now - timedelta(seconds=limits.KEPT_FOR_NOBODY)
    month = now - timedelta(seconds=limits.KEPT_FOR_ACCOUNT)
    old = Q(person=None, kept_at__lt=day) | Q(thrown_away_at__lt=day) | Q(kept_at__lt=month)
    batch = KeptForm.objects.filter(old).values_list("pk", flat=True)[: limits.DRAFTS_DELETED]
    KeptForm.objects.filter(pk__in=list(batch)).delete()


def form_of(typed: Typed) -> QueryDict:
    """Return the fields `typed` as a form that was sent."""
    form = QueryDict(mutable=True)
    for name, values in typed.items():
        form.setlist(name, values)
    return form


def _rows_at(person: int, place: FormPlace) -> "QuerySet[KeptForm]":
    return _at(person, place.path, place.parent)


def _may_change(person: int, place: FormPlace, page: SendingPage) -> bool:
    """Return whether `page` may change the draft at `place`, in the transaction that changes it."""
    if not page.mark:
        return True
    # Also where there is no draft yet: two pages may make the first one at the same moment.
    lock_account(person)
    return all(page.may_change(draft) for draft in _rows_at(person, place))


def _delete_beyond_limits(person: int) -> None:
    """Delete the oldest drafts of the account beyond the limits of number and characters."""
    rows = KeptForm.objects.filter(person=person).order_by("-kept_at", "-pk")
    characters, beyond = 0, []
    for place, (pk, length) in enumerate(rows.values_list("pk", Length("typed"))):
        characters += length
        if place and (place >= limits.DRAFTS or characters > limits.DRAFT_CHARACTERS_IN_ALL):
            beyond.append(pk)
    if beyond:
        KeptForm.objects.filter(pk__in=beyond).delete()


def _at(person: int, path: str, parent: str) -> "QuerySet[KeptForm]":
    return KeptForm.objects.filter(person=person, path=path, parent=parent)


_AT_PLACE = Prepared(_at, person=int, path=str, parent=str)
# Each comment that is posted runs it.
_DELETED = PreparedDelete(_at, person=int, path=str, parent=str)
