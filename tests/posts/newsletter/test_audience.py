"""Test how many are expected to get an article: as many as get it, whatever they chose."""

from notifications.kinds import Way
from notifications.mailing import ways
from notifications.mailing.models import Outgoing
from posts.newsletter.audience import reach_of
from tests.factories import make_user
from tests.notifications.following.test_issues import Issues

# What somebody follows, the choices for which they get e-mail, and whether the article is mailed.
CASES: tuple[tuple[tuple[str, ...], dict[str, Way], bool], ...] = (
    (("site",), {}, True),
    (("site",), {"group:followed": Way.NONE}, False),
    (("site",), {"group:followed": Way.DAILY}, True),
    (("site",), {"kind:site_published": Way.NONE}, False),
    (("site",), {"kind:author_published": Way.NONE}, True),
    (("site",), {"group:followed": Way.NONE, "kind:site_published": Way.SOON}, True),
    (("site",), {"group:followed": Way.NONE, "kind:author_published": Way.SOON}, False),
    (("site", "author"), {"kind:site_published": Way.NONE}, True),
    (("site", "author"), {"kind:author_published": Way.NONE}, False),
    (("site", "author", "series"), {"kind:next_part": Way.NONE}, False),
    (("site", "series"), {"kind:next_part": Way.WEEKLY, "group:followed": Way.NONE}, True),
    (("promise", "series"), {"kind:next_part": Way.NONE}, True),
    (("promise", "site"), {"kind:promise_kept": Way.NONE}, False),
    (("site",), {"series": Way.NONE}, False),
    (("site",), {"series": Way.SOON, "kind:site_published": Way.NONE}, True),
    (("series",), {"series": Way.NONE, "group:followed": Way.SOON}, False),
    (("series",), {"post": Way.NONE, "series": Way.SOON}, False),
    (("series",), {"group:replies": Way.NONE, "kind:reply": Way.NONE}, True),
)


class ExpectedTests(Issues):
    """Every choice, by its nearness."""

    def test_each_choice_counts_as_it_does_when_the_article_is_sent(self) -> None:
        wanting = set()
        targets = {
            "series": f"series:{self.series.pk}",
            "post": f"post:{self.draft.pk}",
        }
        for names, chosen, wants in CASES:
            before, person = reach_of(self.draft).expected, make_user()
            self.follow(person, *names)
            for scope, way in chosen.items():
                ways.choose(person, targets.get(scope, scope), way)
            with self.subTest(names, **chosen):
                assert reach_of(self.draft).expected - before == wants
            wanting |= {person.pk} if wants else set()
        self.publish()
        kept = Outgoing.objects.exclude(state="dropped")
        assert set(kept.values_list("person", flat=True)) == wanting
