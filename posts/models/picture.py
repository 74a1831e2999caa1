"""Store which uploaded pictures stand in the texts of a post, so that they are kept."""

from typing import ClassVar

from django.db import models

from .post import Post


class PostPicture(models.Model):
    """A picture stands in a revision of `post`; the row stays, as all revisions do."""

    # No index of its own: the constraint below begins with this column.
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    picture = models.ForeignKey("pictures.Picture", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "picture"], name="picture_once_in_a_post")
        ]

    def __str__(self) -> str:
        return f"picture {self.picture_id} in post {self.post_id}"
