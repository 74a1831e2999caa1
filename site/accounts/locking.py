"""Lock the row of an account, so that what depends on all of its rows is decided one by one."""

from .models import User


def lock_account(pk: int) -> None:
    """Let one transaction after the other go on that locks the account `pk`; until it ends.

    SQLite has one writer at a time anyway.
    """
    User.objects.select_for_update(no_key=True).filter(pk=pk).order_by().first()
