"""The notification that tells admins that articles are paused, and what it says."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from ..kinds import Content, Group, NotificationKind, Way, loads, register
from ..models import Notification
from .models import ArticlePause

SITE = Group(
    "site",
    _("Running the site"),
    Way.SOON,
    about_oneself=True,
    for_admins=True,
    hint=_("When something needs an admin"),
    reason=_("You get this because you are an admin of this site."),
    act=_("See the figures"),
)

# Articles are not sent by mail; the subject is the pause.
ARTICLES_PAUSED = NotificationKind("articles_paused", SITE, "article_pause")


@loads(ARTICLES_PAUSED)
def pauses(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the pauses, to those who are still admins."""
    if not person.is_admin:
        return {}
    url = reverse("deliverability:articles")
    found = ArticlePause.objects.in_bulk([row.subject_id for row in rows])
    return {
        row.pk: Content(url=url, facts={"pause": pause})
        for row in rows
        if (pause := found.get(row.subject_id))
    }


register(ARTICLES_PAUSED)
