"""Write the mail of an article, with the words that it has when it is sent.

A mail is made once for each text of an article and kept in the process: those of its receivers
differ only in the lines at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.db.prepared import Prepared
from core.markdown.html import assembled, plain
from core.templating.slots import marks
from notifications.following.letters import Letter, LetterLinks, LetterReason, register
from notifications.mailing.wording import absolute, one_line
from publication import current
from publication.mail.layout import lay_out

from ..models import Post
from ..pages import loading
from ..pages.page_versions import edition_query, newest_profile
from . import reasons
from .article_html import Beginning, beginning_of, for_mail
from .article_text import text_for_mail
from .reasons import ReasonWords

_SLOTS = ("reason", "stop_words", "stop_url", "settings_url", "daily_url")
# Articles whose mails a process keeps, each for accounts and for addresses: those of some days.
KEPT = 20
# Characters of the text that a list of mails shows of an article without a standfirst.
_PREVIEW = 120


class Shape(NamedTuple):
    """What of a mail differs between receivers besides the words at its end."""

    has_daily: bool = False
    is_test: bool = False


@dataclass(frozen=True)
class _Printed:
    """A mail with marks in place of what differs for each receiver."""

    subject: str
    text: str
    html: str

    def fill(self, values: Mapping[str, str]) -> Letter:
        """Return the mail with `values` in place of the marks."""
        text, html = self.text, self.html
        for name, mark in marks(_SLOTS).items():
            text = text.replace(mark, values[name])
            html = html.replace(mark, escape(values[name]))
        return Letter(self.subject, text, html)


def write(issue: int, reason: LetterReason, links: LetterLinks) -> Letter | None:
    """Return the mail of the article `issue`, None for one that is not published."""
    version = next(iter(_VERSION.rows(pk=issue, now=timezone.now())), None)
    if version is None:
        return None
    current.saw(version[0])
    shape = Shape(has_daily=bool(links.daily))
    printed = _kept(issue, version, shape, get_language())
    return printed.fill(_values(reasons.words_of(reason), links))


def try_out(post: Post, words: ReasonWords, *, is_test: bool) -> Letter:
    """Return the mail of the newest text of `post`, as an author looks at it.

    Its links at the end lead to the page of settings, so that nothing is ended by trying.
    """
    post = loading.with_page(Post.objects.select_related("newest_revision")).get(pk=post.pk)
    # In memory only: the mail has the newest revision as the live one.
    post.live_revision = post.newest_revision
    page = absolute(reverse("notifications:mail-settings"))
    printed = _printed(post, Shape(has_daily=True, is_test=is_test))
    return printed.fill(_values(words, LetterLinks(page, page, page)))


def _values(words: ReasonWords, links: LetterLinks) -> dict[str, str]:
    return {
        "reason": words.sentence,
        "stop_words": words.stop,
        "stop_url": links.stop,
        "settings_url": links.settings,
        "daily_url": links.daily,
    }


@lru_cache(maxsize=2 * KEPT)
def _kept(pk: int, _version: tuple[Any, ...], shape: Shape, _language: str) -> _Printed:
    """Return the mail of the article `pk`, made once for each version of it and of the site."""
    return _printed(loading.with_page(Post.objects.all()).get(pk=pk), shape)


def forget() -> None:
    """Drop the mails that this process keeps, when rows were replaced by others of their ids."""
    _kept.cache_clear()


def _printed(post: Post, shape: Shape) -> _Printed:
    context = {**_context(post), **marks(_SLOTS), **shape._asdict()}
    text, html = lay_out("mail/article", context)
    title = one_line(post.title)
    subject = _("Test: %(title)s") % {"title": title} if shape.is_test else title
    return _Printed(subject, text, html)


def _context(post: Post) -> dict[str, Any]:
    """Return what the templates of the mail need of `post`, which is loaded for its page."""
    page = absolute(post.get_absolute_url())
    html = post.live_revision.body_html if post.live_revision else ""
    is_whole = post.mailed_as == Post.MailedAs.WHOLE
    shown = Beginning(html, is_all=True) if is_whole else beginning_of(html)
    return {
        "post": post,
        "title": post.title,
        "preview": post.standfirst or plain(html, _PREVIEW),
        "page_url": page,
        "part": getattr(post, "part", None),
        "site_url": settings.SITE_URL,
        "body_html": assembled(for_mail(shown.html, page)),
        "body_text": text_for_mail(shown.html, page),
        "is_all": shown.is_all,
        "question": _question(post),
    }


def _question(post: Post) -> dict[str, Any] | None:
    """Return the closing question with the answers, each with the address that chooses it."""
    question = post.question_or_none
    if question is None or question.version is None:
        return None
    page = absolute(reverse("comments:answer", args=[post.slug]))
    answers = [
        {"stance": stance, "url": f"{page}?{urlencode({'stance': stance.key})}"}
        for stance in question.offered
    ]
    return {"words": str(question), "answers": answers}


# Everything that the words of an article's mail depend on: asked for each mail.
_VERSION = Prepared(
    lambda pk, now: (
        Post.objects.published(now)
        .filter(pk=pk)
        .order_by()
        .annotate(edition=Subquery(edition_query()), profile=newest_profile())
        .values_list("profile", "edition", "live_revision_id", "mailed_as")
    ),
    pk=int,
    now=datetime,
)

register("post", write)
