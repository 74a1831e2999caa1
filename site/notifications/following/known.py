"""What a person follows, as one column of a query that a page asks anyway.

One follows at most `FOLLOWED_MAX` things, so the text of all their keys is short.
"""

from django.db.models import CharField, TextField, Value
from django.db.models.functions import Cast, Concat

from core.db.joined import JoinedTexts, texts_of

from ..models import Subscription
from ..targets import Key

# Between type, id and detail; in no name of a type and in no key of an answer.
_WITHIN = ":"


def column(reader: int) -> JoinedTexts:
    """Return the column with all that the account `reader` follows, for `read`."""
    rows = Subscription.objects.active().filter(user=reader).order_by()
    key = ("target", Value(_WITHIN), Cast("target_id", CharField()), Value(_WITHIN), "detail")
    return JoinedTexts(rows.values(joined=Concat(*key, output_field=TextField())))


def read(found: str | None) -> frozenset[tuple[str, Key]]:
    """Return the types and keys in a value of the column."""
    parts = (each.split(_WITHIN) for each in texts_of(found))
    return frozenset((name, Key(int(pk), detail)) for name, pk, detail in parts)
