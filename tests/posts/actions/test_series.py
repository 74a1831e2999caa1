"""Test series and the order of their parts."""

from django.db import transaction

from core.exceptions import ActionRefused
from posts import actions
from posts.actions import PartInput
from posts.models import Part
from tests.factories import make_post

from .cases import AuthorCase


class SeriesTest(AuthorCase):
    """Parts change their order without equal numbers."""

    def plans(self, parts: list[Part]) -> list[PartInput]:
        return [PartInput(part.title, part.summary, part.post_id, part.pk) for part in parts]

    def titles(self) -> list[tuple[int, str]]:
        return list(Part.objects.order_by("position").values_list("position", "title"))

    def setUp(self) -> None:
        self.series = actions.save_series(None, by=self.author, title="A series", description="*x*")
        self.parts = actions.set_parts(self.series, [PartInput(name) for name in "ABC"])

    def test_a_series_has_an_address_and_html(self) -> None:
        assert self.series.slug == "a-series"
        assert self.series.description_html == "<p><em>x</em></p>\n"
        assert actions.save_series(None, by=self.author, title="A series").slug == "a-series-2"

    def test_reversed_shortened_and_grown(self) -> None:
        a, b, c = self.plans(self.parts)
        actions.set_parts(self.series, [c, b, a])
        assert self.titles() == [(1, "C"), (2, "B"), (3, "A")]
        actions.set_parts(self.series, [b, PartInput("D"), c])
        assert self.titles() == [(1, "B"), (2, "D"), (3, "C")]
        assert Part.objects.get(title="C").pk == c.id

    def test_posts_change_places(self) -> None:
        other = make_post(self.author, published_at=None)
        a, b, c = self.plans(self.parts)
        actions.set_parts(
            self.series,
            [PartInput("A", "", self.draft.pk, a.id), PartInput("B", "", other.pk, b.id), c],
        )
        actions.set_parts(
            self.series,
            [PartInput("A", "", other.pk, a.id), PartInput("B", "", self.draft.pk, b.id), c],
        )
        assert Part.objects.get(title="A").post == other

    def test_a_published_part_stays(self) -> None:
        a, b, c = self.plans(self.parts)
        actions.place_post(self.draft, self.parts[0])
        actions.publish(self.draft, by=self.author)
        with (
            self.assertRaisesMessage(ActionRefused, "A published part stays"),
            transaction.atomic(),
        ):
            actions.set_parts(self.series, [b, c])
        assert len(self.titles()) == 3
        with self.assertRaisesMessage(ActionRefused, "cannot change"):
            actions.save_series(self.series, by=self.author, title="S", slug="other")

    def test_a_post_is_one_part(self) -> None:
        actions.place_post(self.draft, self.parts[0])
        actions.place_post(self.draft, self.parts[1])
        assert list(Part.objects.filter(post=self.draft)) == [self.parts[1]]
        other = make_post(self.author)
        with self.assertRaisesMessage(ActionRefused, "Another article has this place"):
            actions.place_post(other, self.parts[1])
        series = actions.save_series(None, by=self.author, title="Other")
        with self.assertRaisesMessage(ActionRefused, "part of another series"):
            actions.set_parts(series, [PartInput("X", post_id=self.draft.pk)])
        with self.assertRaisesMessage(ActionRefused, "only one part"):
            actions.set_parts(series, [PartInput("X", post_id=other.pk)] * 2)
        actions.place_post(self.draft, None)
        assert not Part.objects.filter(post__isnull=False).exists()

    def test_what_is_no_plan_is_refused(self) -> None:
        for plans in ([PartInput(" ")], [PartInput("X")] * 101):
            with self.subTest(plans=len(plans)), self.assertRaises(ActionRefused):
                actions.set_parts(self.series, plans)
        with self.assertRaises(ActionRefused):
            actions.save_series(None, by=self.author, title=" ")
        assert len(self.titles()) == 3
