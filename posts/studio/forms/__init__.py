"""What authors send. Each module holds one subject; import the forms from here."""

from .base import StudioForm, attempt
from .post import Act, PostForm
from .promise import NewPromiseForm, PromiseForm
from .question import QuestionSheet
from .sealing import SealingForm
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
