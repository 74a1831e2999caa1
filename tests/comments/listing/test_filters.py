"""Test the links that choose an answer above a discussion."""

from django.test import Client

from posts.actions.questions import default_stances, set_question
from tests.cast import Cast
from tests.factories import make_comment


class FilterTests(Cast):
    """The answers that a discussion can be read by."""

    def test_an_answer_that_is_offered_no_more_is_no_filter(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        same, overlap = default_stances()[1:]
        set_question(self.post, text="Are they the same?", stances=[same, overlap])
        page = Client().get(self.post.get_absolute_url())
        shown = page.text.partition('aria-label="Answers shown"')[2].partition("</nav>")[0]
        assert "stance=same" in shown
        assert "stance=overlap" in shown
        assert "stance=different" not in shown
        # An address that somebody kept goes on working.
        kept = Client().get(self.post.get_absolute_url(), {"stance": "different"})
        assert kept.status_code == 200
