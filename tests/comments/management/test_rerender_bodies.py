"""Test `manage.py rerender_bodies`, which renders stored HTML again after a pipeline change."""

from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command

from comments.actions.edits import edit_comment
from comments.models import Closing, Comment, CommentRevision
from core.markdown.html import PIPELINE_VERSION, Profile
from posts import actions, rerendering
from posts.models import Revision, Series
from posts.rerendering import StoredHtml, rerender
from tests.cast import Cast
from tests.factories import make_comment

OLD = PIPELINE_VERSION - 1
STALE = "<p>as it was</p>"


class RerenderTest(Cast):
    """Outdated rows are rendered again in batches, each once."""

    def setUp(self) -> None:
        self.comment = make_comment(self.post, self.reader, self.stances["same"], body="*Words*.")
        edit_comment(self.comment, by=self.reader, body="*Other* words.")
        actions.save_series(None, by=self.author, title="S", description="*All*")
        actions.save_series(None, by=self.author, title="Nothing said")
        Closing.objects.create(
            post=self.post, number=1, body="## So", written_by=self.author, markup_version=OLD
        )
        for model in (Comment, CommentRevision, Revision, Closing):
            model.objects.update(body_html=STALE, markup_version=OLD)
        Series.objects.update(description_html=STALE, markup_version=OLD)

    def rerender(self, *arguments: str) -> str:
        out = StringIO()
        call_command("rerender_bodies", *arguments, stdout=out, stderr=out)
        return out.getvalue()

    def test_all_that_is_old(self) -> None:
        said = self.rerender()
        assert "comments: 1 rendered" in said
        assert "<em>Other</em>" in Comment.objects.get().body_html
        assert "<em>Words</em>" in CommentRevision.objects.get().body_html
        assert "<p>Some people manage.</p>" in Revision.objects.get().body_html
        assert '<h2 id="h-so">So</h2>' in Closing.objects.get().body_html
        html = dict(Series.objects.values_list("title", "description_html"))
        assert html == {"S": "<p><em>All</em></p>\n", "Nothing said": ""}
        for model in (Comment, CommentRevision, Revision, Series, Closing):
            assert set(model.objects.values_list("markup_version", flat=True)) == {PIPELINE_VERSION}

    def test_a_second_run_has_nothing_to_do(self) -> None:
        self.rerender()
        assert "comments: 0 rendered" in self.rerender()
        assert "comments: 1 rendered" in self.rerender("--all")

    def test_it_goes_on_where_it_was_stopped(self) -> None:
        for _number in range(3):
            make_comment(self.post, self.reader, self.stances["same"])
        Comment.objects.update(body_html=STALE, markup_version=OLD)
        with mock.patch.object(rerendering, "BATCH", 2):
            kept = StoredHtml(Comment, Profile.COMMENT)
            assert next(rerender(kept)).written == 2
            assert [batch.written for batch in rerender(kept)] == [2]

    def test_words_edited_meanwhile_keep_their_own_html(self) -> None:
        def edit_first(text: str, profile: object, people: object) -> str:
            Comment.objects.update(body="Newer.", body_html="<p>Newer.</p>")
            return "<p>from the old words</p>"

        with mock.patch.object(rerendering, "render", edit_first):
            batches = list(rerender(StoredHtml(Comment, Profile.COMMENT)))
        assert [batch.written for batch in batches] == [0]
        assert Comment.objects.get().body_html == "<p>Newer.</p>"

    def test_a_text_that_is_refused_now_keeps_its_html_and_is_named(self) -> None:
        Comment.objects.update(body=">" * 200 + " deep")
        with pytest.raises(CommandError, match="1 texts are refused"):
            self.rerender()
        assert Comment.objects.get().body_html == STALE
        assert "<p>Some people" in Revision.objects.get().body_html
