"""Define the forms of the studio, one module per subject; import them from here."""

from .base import StudioForm, attempt
from .post import Act, PostForm
from .promise import NewPromiseForm, PromiseForm
from .question import QuestionSheet
from .sealed_answer import SealingForm
from .series import PartForm, SeriesForm

__all__ = [
    "Act",
    "NewPromiseForm",
    "PartForm",
    "PostForm",
    "PromiseForm",
    "QuestionSheet",
    "SealingForm",
    "SeriesForm",
    "StudioForm",
    "attempt",
]
