"""Test the label above the best argued thread of each answer: where it stands, and where not."""

import re

from comments.actions.states import change_state
from comments.models import Comment, CommentState
from comments.models.moderation import Reason
from tests.comments.test_deliberation import DAY, HOUR, DeliberationCase


class BestForTests(DeliberationCase):
    """Six readers of each of two answers, and two threads for each of three."""

    def setUp(self) -> None:
        super().setUp()
        different, same = self.people("different", 6), self.people("same", 6)
        self.now += DAY
        self.threads = {
            key: [self.silent_comment(key) for _thread in range(2)]
            for key in ("same", "different", "overlap")
        }
        self.now += 2 * DAY
        self.press(same[:3], self.threads["same"][0])
        self.press([*different, *same], self.threads["different"][1])
        self.rank()

    def labels(self, query: str = "") -> list[str]:
        """Return the answers that the labels on a page name, from top to bottom."""
        return re.findall(r'<p class="best-for">Best argued for (\w+)</p>', self.page(query))

    def test_it_names_the_answer_where_its_readers_marked_the_thread(self) -> None:
        self.assertEqual(self.labels(), ["Different", "Same"])
        self.assertIn("Best argued for Different", self.card(self.threads["different"][1]))
        self.assertIn("Best argued for Same", self.card(self.threads["same"][0]))
        self.assertEqual(self.order()[2], self.threads["overlap"][0].pk)

    def test_it_waits_until_the_number_of_marks_is_shown(self) -> None:
        readers = self.people("overlap", 3)
        self.now += DAY
        young = self.silent_comment("overlap")
        self.now += HOUR
        self.press(readers, young)
        self.rank()
        self.assertEqual(self.order()[2], young.pk)
        self.assertEqual(self.labels(), ["Different", "Same"])
        self.now += DAY
        self.assertEqual(self.labels(), ["Different", "Same", "Overlap"])

    def test_it_stands_in_the_order_that_begins_with_these_threads_alone(self) -> None:
        thread = self.threads["same"][0].pk
        for query in (
            "?sort=newest",
            "?sort=oldest",
            "?sort=common",
            "?sort=replies",
            "?stance=same",
            f"?thread={thread}",
            "?since=0",
        ):
            with self.subTest(query):
                self.assertIn(f'id="comment-{thread}"', self.page(query))
                self.assertEqual(self.labels(query), [])

    def test_it_goes_with_the_comment_and_with_its_answer(self) -> None:
        same, different = self.threads["same"][0], self.threads["different"][1]
        Comment.objects.filter(pk=same.pk).update(stance=self.stances["overlap"])
        self.post.bump_page_version()
        self.assertEqual(self.labels(), ["Different"])
        [reader] = self.people("same", 1)
        self.send(reader, "answer", stance="same", body="So it is.", parent=different.pk)
        change_state(different, to=CommentState.REMOVED, removed_reason=Reason.SPAM)
        self.assertIn(f'id="comment-{different.pk}"', self.page())
        self.assertEqual(self.labels(), [])
