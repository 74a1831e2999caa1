"""What one request sees of the discussion of a post, loaded once for all parts of the page."""

from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from posts.models import Post, Question, Stance

from . import reading
from .asked import Asked
from .cards import Deck, all_entries
from .models import CurrentStance
from .permissions import Reader
from .threads import Node
from .totals import Totals


class Discussion:
    """The page of the discussion that the address asks for, as its reader sees it."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        self.post = post
        self.asked = Asked(request, post)
        self.reader = Reader.of(request.user, post)
        self.page = self.asked.page()
        held = reading.held_by(post, request.user) if self.reader.id else []
        self.held = reading.place_held(self.page, held)
        question = getattr(post, "question", None)
        drawn = [*all_entries(self.page.nodes), *self.held]
        readers = {entry.author_id for entry in drawn} | self._own_id()
        self.standing, counts = standing(question, readers)
        self.own = self._own(question)
        self.totals = Totals.of(question.stances.all() if question else [], counts)
        self.deck = Deck.of(
            post,
            self.reader,
            self.standing,
            reverse("comments:answer", args=[post.slug]),
            is_flat=self.asked.stance is not None,
        )

    @classmethod
    def of(cls, request: HttpRequest, post: Post) -> "Discussion":
        """Return the discussion of `post` for `request`; the second time it is the same one."""
        seen: dict[int | None, Discussion] = request.__dict__.setdefault("_discussions", {})
        if post.pk not in seen:
            seen[post.pk] = cls(request, post)
        return seen[post.pk]

    def draw_held(self) -> SafeString:
        """Draw what the reader wrote and still waits, but what stands under its parent."""
        entries = [] if self.asked.after else self.held
        return self.deck.draw([Node(entry, indent=0) for entry in entries])

    def _own_id(self) -> set[int]:
        return {self.reader.id} if self.reader.id else set()

    def _own(self, question: Question | None) -> Stance | None:
        """Return where the reader stands."""
        now = self.standing.get(self.reader.id) if self.reader.id else None
        if question is None or now is None:
            return None
        return next((stance for stance in question.stances.all() if stance.pk == now), None)


def standing(
    question: Question | None, reader_ids: set[int]
) -> tuple[dict[int, int | None], dict[int, int]]:
    """Return where readers stand at this moment, in one query.

    First the stances (their ids, None for a withdrawn answer) of `reader_ids`; then how many of
    all readers take each stance.
    """
    if question is None:
        return {}, {}
    readers = CurrentStance.objects.filter(question=question, reader_id__in=reader_ids)
    stances = Stance.objects.filter(question=question)
    rows = readers.order_by().values_list(Value(True), "reader_id", "stance_id")
    rows = rows.union(stances.order_by().values_list(Value(False), "id", "answer_count"), all=True)
    own: dict[int, int | None] = {}
    counts: dict[int, int] = {}
    for is_reader, key, figure in rows:
        if is_reader:
            own[key] = figure
        else:
            counts[key] = figure
    return own, counts
