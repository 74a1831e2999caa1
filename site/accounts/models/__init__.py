"""The tables of people; those of a feature are in its folder."""

from ..admission.models import Invitation, InvitationUse
from ..guessing.models import PasswordAttempt
from ..restoring.models import AccountSnapshot, SnapshotAddress, SnapshotFactor
from ..signing_up.models import SignUp
from .kept_form import KeptForm
from .suspension import Suspension
from .user import (
    ABOUT_LENGTH,
    HANDLE_LENGTH,
    Admission,
    FormerHandle,
    ReservedHandle,
    Role,
    RoleGrant,
    User,
)

__all__ = [
    "ABOUT_LENGTH",
    "HANDLE_LENGTH",
    "AccountSnapshot",
    "Admission",
    "FormerHandle",
    "Invitation",
    "InvitationUse",
    "KeptForm",
    "PasswordAttempt",
    "ReservedHandle",
    "Role",
    "RoleGrant",
    "SignUp",
    "SnapshotAddress",
    "SnapshotFactor",
    "Suspension",
    "User",
]
