"""What can be followed: the site, an author, a series, a promise, an article, an answer."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from notifications.targets import Key, Target, TargetType, register
from publication.current import current

from .models import Authorship, Post, Promise, PromiseState, Series, Stance

SITE, POST, STANCE = "site", "post", "stance"
SERIES, PROMISE, AUTHOR = "series", "promise", "author"
# There is one site; its subscriptions name it by this key.
THE_SITE = Key(1)
# Characters of a promise that has no note, in lists.
SENTENCE = 120


def site(_reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the site, which everybody may follow."""
    return {key: Target(current().name, reverse("posts:home")) for key in keys if key == THE_SITE}


def posts(reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the posts that `reader` may read."""
    found = _visible(reader).filter(pk__in=[key.id for key in keys])
    by_id = {post.pk: Target(post.title, f"{post.get_absolute_url()}#discussion") for post in found}
    return {key: by_id[key.id] for key in keys if key.id in by_id and not key.detail}


def stances(reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the answers, by post and key, to the questions of posts that `reader` may read."""
    found = Stance.objects.filter(
        question__post__in=Post.objects.visible_to(reader).filter(pk__in=[key.id for key in keys]),
        key__in=[key.detail for key in keys],
    ).select_related("question__post__live_revision")
    titles = {
        Key(stance.question.post_id, stance.key): Target(
            _("“%(answer)s” on “%(title)s”")
            % {"answer": stance.word, "title": stance.question.post.title},
            f"{stance.question.post.get_absolute_url()}?stance={stance.key}#discussion",
        )
        for stance in found
    }
    return {key: titles[key] for key in keys if key in titles}


def series(reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the series that `reader` may see."""
    found = Series.objects.visible_to(reader).filter(pk__in=[key.id for key in keys])
    by_id = {each.pk: Target(each.title, each.get_absolute_url()) for each in found}
    return {key: by_id[key.id] for key in keys if key.id in by_id and not key.detail}


def promises(reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the promises of posts that `reader` may read."""
    found = Promise.objects.filter(
        pk__in=[key.id for key in keys], post__in=Post.objects.visible_to(reader)
    )
    found = found.select_related("post").prefetch_related("parts__post")
    by_id = {promise.pk: _promise(promise) for promise in found}
    return {key: by_id[key.id] for key in keys if key.id in by_id and not key.detail}


def _promise(promise: Promise) -> Target:
    over = {
        PromiseState.KEPT: _("This promise is kept."),
        PromiseState.WITHDRAWN: _("This promise was withdrawn."),
    }.get(promise.state(), "")
    title = promise.note or Truncator(promise.exact).chars(SENTENCE)
    return Target(title, f"{promise.post.get_absolute_url()}#promise-{promise.pk}", over)


def authors(reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the people who wrote an article that `reader` may read."""
    wrote = Authorship.objects.filter(post__in=Post.objects.visible_to(reader)).values("user")
    found = User.objects.filter(pk__in=[key.id for key in keys], erased_at__isnull=True).filter(
        pk__in=wrote
    )
    by_id = {each.pk: Target(each.display_name, each.get_absolute_url()) for each in found}
    return {key: by_id[key.id] for key in keys if key.id in by_id and not key.detail}


def _visible(reader: Any) -> Any:
    visible = Post.objects.visible_to(reader).select_related("live_revision", "newest_revision")
    texts = [f"{name}__{text}" for name in ("live_revision", "newest_revision") for text in _TEXTS]
    return visible.defer(*texts)


def _all_authors() -> list[Key]:
    wrote = Authorship.objects.order_by("user").values_list("user", flat=True).distinct()
    return [Key(pk) for pk in wrote]


def _all_series() -> list[Key]:
    return [Key(pk) for pk in Series.objects.order_by("pk").values_list("pk", flat=True)]


_TEXTS = ("body", "body_html")

register(
    TargetType(
        SITE,
        gettext_lazy("The whole site"),
        gettext_lazy("Follow every new article"),
        gettext_lazy("Every new article, when it is published."),
        site,
        brings_articles=lambda: [THE_SITE],
    ),
    TargetType(
        AUTHOR,
        gettext_lazy("Authors"),
        gettext_lazy("Follow this author"),
        gettext_lazy("New articles by this author."),
        authors,
        brings_articles=_all_authors,
    ),
    TargetType(
        SERIES,
        gettext_lazy("Series"),
        gettext_lazy("Follow this series"),
        gettext_lazy("The next part, when it is published."),
        series,
        brings_articles=_all_series,
    ),
    TargetType(
        PROMISE,
        gettext_lazy("Promises"),
        gettext_lazy("Tell me when this is kept"),
        gettext_lazy("One message, when this promise is kept."),
        promises,
    ),
    TargetType(
        POST,
        gettext_lazy("Articles"),
        gettext_lazy("Follow this discussion"),
        gettext_lazy("New comments on this article."),
        posts,
    ),
    TargetType(
        STANCE,
        gettext_lazy("Answers"),
        gettext_lazy("Follow this answer"),
        gettext_lazy("New comments that give this answer."),
        stances,
    ),
)
