"""Render what stands in place of comments where there are none: a sentence and a next step."""

from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.caching.reverse import cached_reverse
from posts.models import Stance

from ..permissions import wrote_post
from .context import DiscussionContext


class NoComments(NamedTuple):
    """The sentence, and the address and the label of the next step; without `url` there is none."""

    sentence: str
    url: str = ""
    step: str = ""


def render_no_comments(shown: DiscussionContext) -> SafeString:
    """Return what the page of a discussion without comments says to its reader."""
    return render_to_string("components/_empty.html", _no_comments(shown)._asdict())


def _no_comments(shown: DiscussionContext) -> NoComments:
    params = shown.params
    if params.since is not None and not params.after:
        return NoComments(_("Nothing new since then."))
    if params.stance:
        return _for_one_answer(shown, params.stance)
    if params.after:
        return NoComments(_("This is the end of the discussion."))
    if not _may_write(shown):
        archive = cached_reverse("posts:archive")
        return NoComments(_("No comments yet."), archive, _("Read other articles"))
    if wrote_post(shown.request.user, shown.post):
        return _for_an_author(shown)
    return _for_a_reader(shown)


def _for_one_answer(shown: DiscussionContext, stance: Stance) -> NoComments:
    sentence = _("Nobody has argued for %(word)s yet.") % {"word": stance.word}
    if _may_write(shown):
        return NoComments(sentence, f"{_answer_url(shown)}?stance={stance.key}", _("Be the first"))
    return NoComments(sentence, f"{shown.cards.post_url}#discussion", _("Read the other answers"))


def _for_an_author(shown: DiscussionContext) -> NoComments:
    url = reverse("posts:studio-question", args=[shown.post.pk])
    if shown.params.stances:
        sentence = _("No comments yet. They will appear here.")
        return NoComments(sentence, url, _("Check the question"))
    sentence = _("This article asks no question, so readers comment without an answer.")
    return NoComments(sentence, url, _("Ask one"))


def _for_a_reader(shown: DiscussionContext) -> NoComments:
    """Lead to the form: it is on the page of those who are signed in."""
    is_here = shown.reader.id is not None
    if shown.params.stances:
        sentence = _("No comments yet. Say where you stand, and why.")
        url = "#question" if is_here else _answer_url(shown)
        return NoComments(sentence, url, _("Be the first to answer"))
    sentence = _("No comments yet. Yours would be the first.")
    url = "#answer-form" if is_here else _answer_url(shown)
    return NoComments(sentence, url, _("Write the first comment"))


def _may_write(shown: DiscussionContext) -> bool:
    """Return whether the page of an answer is open to this reader.

    It is to anybody signed out, but to nobody once the discussion is closed.
    """
    if shown.reader.is_closed:
        return False
    return shown.reader.id is None or shown.reader.may_write


def _answer_url(shown: DiscussionContext) -> str:
    return cached_reverse("comments:answer", shown.post.slug)
