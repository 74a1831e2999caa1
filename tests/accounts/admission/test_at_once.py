"""Take the last place of an invitation at the same moment as somebody else."""

from datetime import timedelta
from uuid import uuid4

from django.test import TransactionTestCase
from django.utils import timezone

from accounts.admission import invitations
from accounts.admission.models import InvitationUse
from tests.at_once import at_once
from tests.factories import make_user


class LastPlaceTests(TransactionTestCase):
    """Threads at a barrier."""

    def test_of_six_people_two_get_the_two_places(self) -> None:
        until = timezone.now() + timedelta(days=1)
        link, _address = invitations.make(
            by=make_user("ines", "admin"), label="", uses=2, ends_at=until, form_key=uuid4()
        )
        people = [make_user() for _number in range(6)]
        works = [lambda person=person: invitations.use(link.pk, person) for person in people]
        self.assertEqual(sorted(at_once(*works)), [False] * 4 + [True] * 2)
        places = InvitationUse.objects.order_by("place").values_list("place", flat=True)
        self.assertEqual(list(places), [1, 2])
