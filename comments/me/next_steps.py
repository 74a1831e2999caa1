"""Say what a person may do next where a page of theirs has nothing to show yet."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from posts.models import Post


class NextStep(NamedTuple):
    """Where a link leads, and what it says."""

    url: str
    words: Any


def next_step() -> NextStep:
    """Return the way to the newest published question, or without one to how the site works.

    One query, for pages of one person alone that are empty.
    """
    asking = Post.objects.published().filter(question__version__isnull=False)
    slug = asking.newest().values_list("slug", flat=True).first()
    if slug is None:
        return NextStep(reverse("posts:about"), _("How it works"))
    question = f"{reverse('posts:detail', args=[slug])}#question"
    return NextStep(question, _("Answer the newest question"))
