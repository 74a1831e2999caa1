"""Test the rows of drafts: one for each form, limits, throwing away, deleting."""

from datetime import timedelta
from unittest import mock

from django.utils import timezone

from accounts import drafts
from accounts.drafts import FormPlace
from accounts.models import KeptForm
from core import limits
from core.jobs import periodic
from tests.cast import Cast

FORM = "/posts/one/answer/"


class StoreTests(Cast):
    """One account's drafts, as the pages change them."""

    def save(self, body: str, place: FormPlace | None = None) -> KeptForm | None:
        return drafts.save(
            self.reader.pk, place or FormPlace(FORM), {"body": [body], "kind": ["a"]}
        )

    def bodies(self) -> list[str]:
        kept = KeptForm.objects.filter(person=self.reader).order_by("pk")
        return [str(draft.fields["body"]) for draft in kept]

    def test_a_form_has_one_and_the_last_change_wins(self) -> None:
        self.save("One.")
        self.save("Two.")
        self.save("Three.", FormPlace(FORM, "7"))
        assert self.bodies() == ["Two.", "Three."]

    def test_each_account_has_its_own(self) -> None:
        self.save("Mine.")
        drafts.save(self.stranger.pk, FormPlace(FORM), {"body": ["Theirs."]})
        drafts.forget(self.stranger.pk, FormPlace(FORM))
        assert self.bodies() == ["Mine."]

    def test_an_emptied_form_has_none(self) -> None:
        self.save("One.")
        assert self.save(" \n") is None
        assert self.bodies() == []

    def test_a_parent_is_a_number_or_nothing(self) -> None:
        for sent, stored in (("12", "12"), ("012", "12"), ("0", ""), ("x", ""), ("9" * 40, "")):
            assert FormPlace.of(FORM, sent) == FormPlace(FORM, stored)

    @mock.patch.object(limits, "DRAFTS", 3)
    def test_beyond_a_number_the_oldest_go(self) -> None:
        for number in range(1, 6):
            self.save(f"Number {number}.", FormPlace(FORM, str(number)))
            KeptForm.objects.update(kept_at=timezone.now() - timedelta(minutes=9 - number))
        assert self.bodies() == ["Number 3.", "Number 4.", "Number 5."]

    @mock.patch.object(limits, "DRAFT_CHARACTERS_IN_ALL", 300)
    def test_beyond_a_length_in_all_the_oldest_go_and_the_newest_stays(self) -> None:
        self.save("a" * 100)
        self.save("b" * 100, FormPlace(FORM, "1"))
        assert len(self.bodies()) == 2
        self.save("c" * 300, FormPlace(FORM, "2"))
        assert self.bodies() == ["c" * 300]

    def test_thrown_away_it_can_be_brought_back_for_a_while(self) -> None:
        place = FormPlace(FORM)
        self.save("One.")
        drafts.throw_away(self.reader.pk, place, {"body": ["Two."]})
        assert list(drafts.drafts_at(self.reader.pk, FORM)) == []
        assert drafts.newest_address(self.reader) is None
        assert drafts.bring_back(self.reader.pk, place)
        assert self.bodies() == ["Two."]
        assert not drafts.bring_back(self.reader.pk, place)
        drafts.throw_away(self.reader.pk, place, {})
        late = timezone.now() - timedelta(seconds=limits.UNDO_OFFER + 1)
        KeptForm.objects.update(thrown_away_at=late)
        assert not drafts.bring_back(self.reader.pk, place)

    def test_the_worker_deletes_what_is_old(self) -> None:
        self.save("Kept for 29 days.")
        KeptForm.objects.update(kept_at=timezone.now() - timedelta(days=29))
        self.save("Kept for 31 days.", FormPlace(FORM, "1"))
        KeptForm.objects.filter(parent="1").update(kept_at=timezone.now() - timedelta(days=31))
        self.save("Thrown away yesterday.", FormPlace(FORM, "2"))
        thrown = timezone.now() - timedelta(days=1, minutes=1)
        KeptForm.objects.filter(parent="2").update(thrown_away_at=thrown)
        periodic.run_all()
        assert self.bodies() == ["Kept for 29 days."]

    @mock.patch.object(limits, "DRAFTS_DELETED", 2)
    def test_they_are_deleted_a_batch_at_a_time(self) -> None:
        for number in range(1, 4):
            self.save("Old.", FormPlace(FORM, str(number)))
        KeptForm.objects.update(kept_at=timezone.now() - timedelta(days=31))
        drafts.forget_old()
        assert len(self.bodies()) == 1
        drafts.forget_old()
        assert self.bodies() == []
