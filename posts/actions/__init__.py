"""Writes of authors. Each is one transaction; import them from here.

None of them asks whether the person may: views fetch through `editable_by`. What cannot be done
raises `core.exceptions.ActionRefused` with a sentence, and then nothing has been changed.
"""

from .asking import (
    StanceWords,
    carry_question,
    default_stances,
    remove_question,
    set_question,
)
from .planning import PartPlan, place_post, save_series, set_parts
from .promising import PromiseWords, set_promises
from .sealing import Opening, seal_answer, withdraw_sealed_answer
from .writing import publish, save_draft, unpublish

__all__ = [
    "Opening",
    "PartPlan",
    "PromiseWords",
    "StanceWords",
    "carry_question",
    "default_stances",
    "place_post",
    "publish",
    "remove_question",
    "save_draft",
    "save_series",
    "seal_answer",
    "set_parts",
    "set_promises",
    "set_question",
    "unpublish",
    "withdraw_sealed_answer",
]
