"""Test closing summaries as acceptance test 11 of deliberation states, through the views."""

from comments.integrity import faults
from tests.comments.closings.cases import WORDS, ClosingCase

FAIR, NOT_QUITE = "fair", "not_quite"

FINAL = "Final: for each answer it speaks of, most readers who judged it find it fair."


class FairClosingTests(ClosingCase):
    """A closing that cites every live answer, and is final once readers of each find it fair."""

    def test_11_closing_with_no_citation_from_a_live_answer_is_refused(self) -> None:
        for lacking, cited in (("Same", "different"), ("Different", "same")):
            answer = self.write(**{"different-cited": [], "same-cited": [], **self.cites(cited)})
            self.assertContains(answer, f"at least one comment for {lacking},", status_code=422)
            self.assertContains(answer, WORDS.replace("'", "&#x27;"), status_code=422)
        neither = self.write(**{"different-cited": [], "same-cited": []})
        self.assertContains(neither, "at least one comment for Different and Same", status_code=422)
        self.assertEqual(self.send(None, self.url, {}, "get").status_code, 404)
        self.assertNotIn("How the author sums it up", self.post_page())

    def test_11_final_needs_three_fair_judges_of_every_live_answer(self) -> None:
        self.assertRedirects(self.write(), self.url, fetch_redirect_response=False)
        needed = "3 more readers who answered Different and 3 more readers who answered Same"
        self.assertIn(f"Draft: {needed} have to judge it.", self.page())
        self.assertIn("<span>3 more readers who answered Same have to judge it.", self.page())
        self.all_judge("different", FAIR, FAIR, FAIR)
        self.all_judge("same", FAIR, NOT_QUITE)
        self.assertIn("3 of 3 readers who answer Different find it fair.", self.page())
        self.assertIn("Draft: 1 more reader who answered Same has to judge it.", self.page())
        box = "Draft: more readers who answered Same have to judge it."
        self.assertIn(box, self.post_page())
        self.judge(self.people["same"][2], FAIR)
        for page in (self.page(), self.post_page()):
            self.assertIn(FINAL, page)
            self.assertNotIn("Draft", page)
        self.assertIn("2 of 3 readers who answer Same find it fair.", self.page())
        self.assertEqual(list(faults()), [])

    def test_11_else_it_reads_contested_by_same(self) -> None:
        self.write()
        self.all_judge("different", *[FAIR] * 5)
        self.all_judge("same", FAIR, FAIR, NOT_QUITE, NOT_QUITE)
        for page in (self.page(), self.post_page()):
            self.assertIn("Draft, contested by Same.", page)
            self.assertNotIn("Final", page)
        self.assertIn("2 of 4 readers who answer Same find it fair.", self.page())
        self.judge(self.people["same"][4], FAIR)
        self.assertIn("Draft, contested by Same.", self.page())
        self.judge(self.people["same"][3], FAIR)
        self.assertIn("4 of 5 readers who answer Same find it fair.", self.page())
        self.assertIn(FINAL, self.page())
        for page in (self.page(), self.post_page()):
            self.assertNotIn("winner", page.lower())
        self.assertEqual(list(faults()), [])
