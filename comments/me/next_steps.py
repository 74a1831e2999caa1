"""Say what a person may do next where a page of theirs has nothing to show yet."""

from django.urls import reverse

from posts.models import Post


def newest_question_url() -> str:
    """Return the address of the newest published question, or the front page without one.

    One query, for pages of one person alone that are empty.
    """
    asking = Post.objects.published().filter(question__version__isnull=False)
    slug = asking.newest().values_list("slug", flat=True).first()
    return f"{reverse('posts:detail', args=[slug])}#question" if slug else reverse("posts:home")
