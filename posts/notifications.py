"""The kinds of notifications that posts cause; `comments.me.inbox` loads their contents."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.kinds import Group, NotificationKind, Way, register

FOLLOWED = Group(
    "followed",
    _("What I follow"),
    Way.SOON,
    hint=_(
        "The site, articles, threads, answers, series and authors you follow, and promises: what "
        "an article says is still to come"
    ),
    reason=_("You get this because of what you follow."),
    count=ngettext_lazy(
        "%(count)d event in what you follow", "%(count)d events in what you follow", "count"
    ),
    act=_("Read it"),
)

# The type of target: a post that was published. Of several reasons to be told of it, one is.
_POST = "post"

# All parts that were to keep a promise are published; the subject is the promise.
PROMISE_KEPT = NotificationKind(
    "promise_kept", FOLLOWED, _POST, strength=2, is_article=True, label=_("A promise is kept")
)
# The next part of a series is published, an article by an author, or any; the subject is the post.
NEXT_PART = NotificationKind(
    "next_part", FOLLOWED, _POST, strength=1, is_article=True, label=_("The next part of a series")
)
AUTHOR_PUBLISHED = NotificationKind(
    "author_published", FOLLOWED, _POST, is_article=True, label=_("A new article by an author")
)
SITE_PUBLISHED = NotificationKind(
    "site_published", FOLLOWED, _POST, strength=-1, is_article=True, label=_("Every new article")
)

register(PROMISE_KEPT, NEXT_PART, AUTHOR_PUBLISHED, SITE_PUBLISHED)
