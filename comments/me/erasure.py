"""Erase an account. Its row stays, anonymous, because other people's rows refer to it."""

from django.db import transaction

from accounts.models import User
from accounts.naming import hiding, rules
from core import personal
from core.db.transactions import retried
from core.personal import Erasure

from ..actions import stances
from ..locks import lock_person
from ..moderation.actions.roles import refuse_if_last_admin


def erase(person: User, *, delete_texts: bool) -> None:
    """Erase everything of `person` that the registry names; with `delete_texts` published words.

    Texts that nobody else can read (held, removed, deleted, drafts) are erased in any case. Raises
    `ActionRefused` (409) for the last admin. The texts are erased in batches, each one transaction,
    before the account, so that erasing can be resumed.
    """
    with transaction.atomic():
        refuse_if_last_admin(person)
    personal.erase_all(Erasure(person, delete_texts), account=False)
    _erase_account(person, delete_texts=delete_texts)


@retried
def _erase_account(person: User, *, delete_texts: bool) -> None:
    """Erase the account, and what was written since the batches: its lock lets nobody add more."""
    rules.lock()
    person = lock_person(person)
    refuse_if_last_admin(person)
    personal.erase_all(Erasure(person, delete_texts), account=True)
    hiding.show_again()
    stances.recount_reader(person)
