"""The page of all drafts of a person, newest first."""

from dataclasses import dataclass

from accounts.models import KeptForm, User
from core.markdown.html import shortened
from core.numbers import number
from posts.models import Post

from ...models import Comment
from ..posts import with_titles
from . import places

# Characters of a draft that are shown where one can still write on.
BEGINNING = 300
# The fields that make up an article.
_PARTS = ("title", "standfirst", "body")


@dataclass
class OwnDraft:
    """A draft, what it is called, and the article it belongs to, if the person may read that.

    `url` leads to where to write on; it is empty where that is gone. `whom` is the writer of the
    comment that it is about, empty where it is about none that others wrote and can be read.
    `article` is the title of the article that it changes, empty for any other.
    """

    draft: KeptForm
    name: str
    post: Post | None
    url: str
    whom: str
    article: str = ""

    @property
    def beginning(self) -> str:
        """The beginning of the texts, of an article with its title."""
        words = [text.value for text in self.draft.texts if text.name in _PARTS]
        words = words or [text.value for text in self.draft.texts[:1]]
        return shortened("\n".join(words), BEGINNING) if words else ""


@dataclass
class OwnDrafts:
    """All drafts of a person: their number and their age are limited."""

    rows: list[OwnDraft]

    @classmethod
    def of(cls, person: User) -> "OwnDrafts":
        """Return the drafts of `person`, and those thrown away while they may be brought back."""
        found = [draft for draft in person.kept_forms.order_by("-kept_at") if draft.is_offered]
        return cls(_Subjects(person, found).rows())


class _Subjects:
    """The posts and comments that drafts are about, as far as the person may see them."""

    def __init__(self, person: User, drafts: list[KeptForm]) -> None:
        self.drafts = [(draft, *places.kind_of(draft.path)) for draft in drafts]
        slugs = {named["slug"] for _draft, kind, named in self.drafts if kind and "slug" in named}
        seen = Post.objects.visible_to(person)
        posts = seen.filter(slug__in=slugs).select_related("live_revision")
        self.posts = {post.slug: post for post in posts}
        ids = {int(draft.parent) for draft in drafts if draft.parent}
        with_pk = [(kind, named["pk"]) for _, kind, named in self.drafts if kind and "pk" in named]
        ids |= {pk for kind, pk in with_pk if not kind.is_of_article}
        own = Post.objects.editable_by(person).filter(
            pk__in=[pk for kind, pk in with_pk if kind.is_of_article]
        )
        self.articles = {post.pk: post for post in own.select_related("newest_revision")}
        comments = Comment.objects.visible_to(person).filter(pk__in=ids, post__in=seen)
        comments = comments.without_text()
        comments = with_titles(comments.select_related("author"))
        self.comments = {comment.pk: comment for comment in comments}
        self.person = person

    def rows(self) -> list[OwnDraft]:
        """Return the drafts with what they are about."""
        return [self._row(*each) for each in self.drafts]

    def _row(
        self, draft: KeptForm, kind: places.WritingForm | None, named: dict[str, object]
    ) -> OwnDraft:
        if kind and kind.is_of_article:
            return self._row_of_article(draft, kind, named.get("pk"))
        post = self.posts.get(str(named.get("slug")))
        about = number(draft.parent) or named.get("pk")
        comment = self.comments.get(about) if isinstance(about, int) else None
        post = post or (comment.post if comment else None)
        is_there = kind is None or (post is not None and (about is None or comment is not None))
        name = places.name_of(draft.path, draft.parent)
        return OwnDraft(
            draft, name, post, draft.address if is_there else "", self._writer_of(comment)
        )

    def _row_of_article(self, draft: KeptForm, kind: places.WritingForm, pk: object) -> OwnDraft:
        article = self.articles.get(pk) if isinstance(pk, int) else None
        is_there = self.person.is_author if pk is None else article is not None
        title = article.newest_revision.title if article and article.newest_revision else ""
        return OwnDraft(
            draft, str(kind.name), None, draft.address if is_there else "", "", article=title
        )

    def _writer_of(self, comment: Comment | None) -> str:
        """Return the name of the writer of `comment`, "" for the person and where it is gone."""
        if comment is None or not comment.is_readable or comment.author_id == self.person.pk:
            return ""
        return comment.author.display_name
