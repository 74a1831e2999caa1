"""Make a post of an article that was read from a file, and find one made before."""

from uuid import UUID

from django.conf import global_settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core.exceptions import ActionRefused
from publication import current

from .. import actions
from ..actions import StanceInput
from ..models import Post
from ..slugs import SLUG_LENGTH, cleaned_slug, is_slug
from .articles import Article

_LANGUAGES = dict(global_settings.LANGUAGES)


@transaction.atomic
def bring(
    article: Article, stances: list[StanceInput], *, by: User, form_key: UUID | None = None
) -> Post:
    """Save `article` as a draft of `by` that asks its question with `stances`, and return the post.

    A draft that `by` made of the same text before is taken up instead (`draft_of`): two would stand
    beside each other. Its question and answers stay, unless the article brings answers of its own.

    Raises `ActionRefused` for an address that is taken or cannot be one, `MarkupRefused` for text
    that cannot be rendered, and `IntegrityError` for a second post with the same `form_key`.
    """
    draft = draft_of(article, by)
    if article.slug and (draft is None or article.slug != draft.slug):
        _refuse_address(article.slug)
    if draft is not None:
        return _take_up(draft, article, stances, by=by)
    language = _known(article.language) or current.current().language
    post = actions.save_draft(
        None,
        by=by,
        title=article.title,
        standfirst=article.standfirst,
        body=article.body,
        slug=article.slug,
        language=language,
        direction=Post.Direction.of(language),
        form_key=form_key,
    )
    if article.question:
        actions.set_question(post, text=article.question, stances=stances)
    return post


def draft_of(article: Article, by: User) -> Post | None:
    """Return the draft of `by` whose title and newest text are those of `article`, if any."""
    drafts = Post.objects.kept().filter(published_at=None, first_published_at=None)
    same = drafts.filter(
        authorships__user=by,
        newest_revision__title=article.title,
        newest_revision__body=article.body,
    )
    return same.order_by("-pk").first()


def _take_up(draft: Post, article: Article, stances: list[StanceInput], *, by: User) -> Post:
    """Give `draft` the address and the answers that `article` brings, and return it."""
    newest = draft.newest_revision
    if newest is not None and article.slug:
        draft = actions.save_draft(
            draft,
            by=by,
            title=newest.title,
            standfirst=newest.standfirst,
            body=newest.body,
            slug=article.slug,
            language=draft.language,
            direction=draft.direction,
        )
    asks = draft.question_or_none is not None
    if article.question and (article.answers or not asks):
        actions.set_question(draft, text=article.question, stances=stances)
    elif asks and not article.question:
        actions.remove_question(draft)
    return Post.objects.get(pk=draft.pk)


def brought_before(article: Article) -> Post | None:
    """Return a post with the text of `article` in any revision, None without one.

    It is one that is published or scheduled, if there is any, and none in the bin.
    """
    same = Post.objects.kept().filter(revisions__body=article.body)
    return same.order_by(F("published_at").desc(nulls_last=True)).first()


def _known(language: str) -> str:
    """Return the code of `language` as authors can choose it, empty for what is none of those."""
    code = language.lower().replace("_", "-")
    return next((one for one in (code, code.partition("-")[0]) if one in _LANGUAGES), "")


def _refuse_address(slug: str) -> None:
    if slug and (slug != cleaned_slug(slug) or not is_slug(slug)):
        raise ActionRefused(
            _(
                "“%(slug)s” cannot be an address. Use small letters, digits and hyphens, "
                "like-this, at most %(limit)d characters."
            )
            % {"slug": slug, "limit": SLUG_LENGTH}
        )
    taken = Post.objects.filter(slug=slug).first() if slug else None
    if taken is not None:
        said = (
            _("A draft in the bin has the address /posts/%(slug)s/. Give this one another slug.")
            if taken.binned_at
            else _("There is already an article at /posts/%(slug)s/. Give this one another slug.")
        )
        raise ActionRefused(said % {"slug": slug})
