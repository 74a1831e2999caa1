"""Test closing summaries as acceptance test 11 of deliberation states, through the views."""

from comments.integrity import faults
from tests.comments.closings.cases import WORDS, ClosingCase

FAIR, NOT_QUITE = "fair", "not_quite"

FINAL = (
    "Final: of each answer it speaks of and readers still give, most who judged it find it fair."
)


class FairClosingTests(ClosingCase):
    """A closing that cites every live answer, and is final once readers of each find it fair."""

    def test_11_closing_with_no_citation_from_a_live_answer_is_refused(self) -> None:
        for lacking, cited in (("Same", "different"), ("Different", "same")):
            answer = self.write(**{"different-cited": [], "same-cited": [], **self.cites(cited)})
            self.assertContains(answer, f"at least one comment for {lacking}:", status_code=422)
            self.assertContains(answer, WORDS.replace("'", "&#x27;"), status_code=422)
        neither = self.write(**{"different-cited": [], "same-cited": []})
        self.assertContains(neither, "at least one comment for Different and Same", status_code=422)
        self.assertEqual(self.send(None, self.url, {}, "get").status_code, 404)
        self.assertNotIn("How the author sums it up", self.post_page())

    def test_11_final_needs_three_fair_judges_of_every_live_answer(self) -> None:
        self.assertRedirects(self.write(), self.url, fetch_redirect_response=False)
        self.assertIn("Draft: it waits for the readers of Different and Same.", self.page())
        self.assertIn("3 more readers who answer Same have to say.", self.page())
        self.all_judge("different", FAIR, FAIR, FAIR)
        self.all_judge("same", FAIR, NOT_QUITE)
        self.assertIn("3 of 3 readers who answer Different find it fair.", self.page())
        self.assertIn("1 more reader who answers Same has to say.", self.page())
        self.assertIn("Draft: it waits for the readers of Same.", self.page())
        self.assertIn("Draft: it waits for the readers of Same.", self.post_page())
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
