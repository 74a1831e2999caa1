"""Check that what readers saved is there: its type and id are no foreign key."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from posts.models import SavedItem, SavedKind

from ..models import Comment
from .faults import Fault
from .queries import Window
from .rules import AGREE


def misplaced_items(window: Window) -> Iterator[Fault]:
    """Yield the saved comments that are not under the post on whose page they are to be."""
    there = Comment.objects.filter(pk=OuterRef("target_id"), post=OuterRef("post"))
    saved = SavedItem.objects.filter(~Exists(there), kind=SavedKind.COMMENT)
    for pk, target in window.read(saved, "pk", "target_id"):
        yield Fault(f"saved item {pk}: comment {target} is not under its post", advice=AGREE)
