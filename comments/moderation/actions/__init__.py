"""Decisions of moderators and reports of readers. Each is one transaction with its log row."""

from .admissions import approve_account, decline_account
from .changes import remove_change, restore_change
from .decisions import Outcome, approve, dismiss, remove, reopen, restore, retag, seen_token
from .discussions import close_discussion, open_discussion
from .flags import Flagged, raise_flag
from .people import lift_suspension, suspend
from .roles import grant_role, revoke_role
from .threads import detach, lock, unlock

__all__ = [
    "Flagged",
    "Outcome",
    "approve",
    "approve_account",
    "close_discussion",
    "decline_account",
    "detach",
    "dismiss",
    "grant_role",
    "lift_suspension",
    "lock",
    "open_discussion",
    "raise_flag",
    "remove",
    "remove_change",
    "reopen",
    "restore",
    "restore_change",
    "retag",
    "revoke_role",
    "seen_token",
    "suspend",
    "unlock",
]
