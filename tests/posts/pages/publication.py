"""Provide a publication with a series of three, and what tests read of its pages."""

import re
from typing import ClassVar

from posts import actions
from posts.actions import PartInput, PromiseInput
from posts.models import Part, Post, Promise, Series
from tests.cast import Cast
from tests.factories import make_post

PROMISED = "There will be more."
SERIES = "/series/the-series/"


def page_shapes(page: str) -> set[str]:
    """Return the names of the shapes that a page defines."""
    return set(re.findall(r'<symbol id="g-(\w+)"', page))


class PublicationCase(Cast):
    """A series of three: the cast's post with a promise, a post that keeps it, a planned part."""

    series: ClassVar[Series]
    parts: ClassVar[list[Part]]
    second: ClassVar[Post]
    promise: ClassVar[Promise]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.second = make_post(
            cls.author, slug="second", title="The second", body="Here it is.", published_at=None
        )
        cls.series = actions.save_series(
            None, by=cls.author, title="The series", standfirst="In short", description="*All*"
        )
        cls.parts = actions.set_parts(
            cls.series,
            [
                PartInput("One", post_id=cls.post.pk),
                PartInput("Two", "What two will say", post_id=cls.second.pk),
                PartInput("Three", "What three will say"),
            ],
        )
        (cls.promise,) = actions.set_promises(
            cls.post, [PromiseInput(PROMISED, part_ids=(cls.parts[1].pk,))]
        )

    def page(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, path
        return response.content.decode()
