"""Test when a discussion is ranked anew."""

from comments.ranking.tasks import due
from posts.actions import StanceInput, set_question
from tests.comments.test_deliberation import DAY, DeliberationCase


class ChangedAnswersTests(DeliberationCase):
    """The best threads stand in the order of the answers, so another order is ranked anew."""

    def setUp(self) -> None:
        super().setUp()
        self.readers = {key: self.people(key, 3) for key in ("different", "same", "overlap")}
        self.now += DAY
        for key in self.readers:
            self.silent_comment(key)
        self.threads = {key: self.silent_comment(key) for key in self.readers}
        self.now += 2 * DAY
        for key, thread in self.threads.items():
            self.press(self.readers[key], thread)
        self.rank()
        assert not due(self.now)

    def ask(self, *keys: str) -> None:
        """Offer the answers with `keys` in this order; a key without an answer is a new one."""
        self.post.refresh_from_db()
        question = self.post.question
        rows = {each.key: each for each in question.stances.all()}
        stances = [
            StanceInput(key, key.title(), row.shape, row.colour, row.meaning)
            if (row := rows.get(key))
            else StanceInput(key, key.title(), "open", "plum")
            for key in keys
        ]
        set_question(self.post, text=str(question), stances=stances)

    def test_another_order_of_the_answers_is_ranked_at_once(self) -> None:
        self.ask("different", "same", "overlap")
        assert not due(self.now)
        for keys in (("overlap", "same", "different"), ("same", "different", "overlap")):
            with self.subTest(keys):
                self.ask(*keys)
                assert list(due(self.now)) == [self.post]
                self.rank()
                assert self.order()[:3] == [self.threads[key].pk for key in keys]
                assert not due(self.now)

    def test_so_is_an_answer_more_or_less(self) -> None:
        keys = ("different", "same", "overlap")
        for changed in ((*keys, "neither"), keys):
            with self.subTest(changed):
                self.ask(*changed)
                assert list(due(self.now)) == [self.post]
                self.rank()
                assert not due(self.now)
