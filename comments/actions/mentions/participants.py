"""Find people of a discussion while somebody types a mention."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.querysets import UserQuerySet
from core import limits
from posts.models import Post

from ...models import Comment


def participants(post: Post, typed: str, *, asker: User) -> UserQuerySet:
    """Return the first people of the discussion whose handle, or a word of whose name, begins so.

    Its authors, and the writers of comments that everybody reads, without the one who asks. A name
    that is hidden is not searched. One query, whatever the size of the discussion.
    """
    # The time leads SQLite to the index by writer: it would read the discussion for each person.
    wrote = Comment.objects.readable().filter(
        post=post, author=OuterRef("pk"), created_at__lte=timezone.now()
    )
    called = Q(name__istartswith=typed) | Q(name__icontains=f" {typed}")
    people = User.objects.mentionable().exclude(pk=asker.pk)
    people = people.filter(Q(handle__istartswith=typed) | called & Q(name_hidden_at__isnull=True))
    people = people.filter(Q(pk__in=post.author_ids) | Exists(wrote))
    return people.order_by("handle")[: limits.PEOPLE_OFFERED]
