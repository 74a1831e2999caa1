"""Write what authors change: posts, questions, sealed answers, promises and series.

Each function is one transaction; import them from here. None checks permissions: views fetch
through `editable_by`. A refused write raises `core.exceptions.ActionRefused` with a sentence for
the author and changes nothing.
"""

from .bin import bring_back, throw_away
from .posts import publish, save_draft, unpublish
from .promises import PromiseInput, set_promises
from .questions import (
    StanceInput,
    carry_question,
    default_stances,
    remove_question,
    set_question,
)
from .sealed_answers import Opening, seal_answer, withdraw_sealed_answer
from .series import PartInput, place_post, save_series, set_parts

__all__ = [
    "Opening",
    "PartInput",
    "PromiseInput",
    "StanceInput",
    "bring_back",
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
    "throw_away",
    "unpublish",
    "withdraw_sealed_answer",
]
