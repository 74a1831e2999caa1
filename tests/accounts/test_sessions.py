"""Test the duration of sessions."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SEEN, STARTED
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.reauthenticated import client_of


class SessionTests(Cast):
    """Expiry of sessions."""

    def age(self, **age: int) -> None:
        self.client.get("/me/notifications/")
        session = self.client.session
        session[STARTED] = (timezone.now() - timedelta(**age)).isoformat()
        session.save()

    def is_in(self) -> bool:
        return self.client.get("/me/notifications/").status_code == 200

    def test_a_reader_stays_signed_in_for_weeks(self) -> None:
        self.sign_in(self.reader)
        self.age(days=80)
        self.assertIs(self.is_in(), True)

    def test_after_ninety_days_one_signs_in_again(self) -> None:
        self.sign_in(self.reader)
        self.age(days=91)
        self.assertIs(self.is_in(), False)

    def test_staff_signs_in_every_day(self) -> None:
        self.sign_in(self.moderator)
        self.age(hours=11)
        self.assertIs(self.is_in(), True)
        self.age(hours=13)
        self.assertIs(self.is_in(), False)

    def test_a_visit_renews_the_session_once_a_day(self) -> None:
        self.sign_in(self.reader)
        self.client.get("/me/notifications/")
        session = self.client.session
        session[SEEN] = (timezone.now() - timedelta(days=2)).isoformat()
        session.save()
        self.client.get("/me/notifications/")
        renewed = self.client.session[SEEN]
        self.assertGreater(renewed, (timezone.now() - timedelta(minutes=1)).isoformat())
        self.client.get("/me/notifications/")
        self.assertEqual(self.client.session[SEEN], renewed)

    def test_a_new_password_ends_the_other_sessions(self) -> None:
        self.sign_in(self.reader)
        new = "every colour of the evening"
        words = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        changing = client_of(self.reader)
        self.assertEqual(changing.post("/accounts/password/change/", words).status_code, 302)
        self.assertIs(self.is_in(), False)
        self.assertEqual(changing.get("/me/notifications/").status_code, 200)

    def test_an_erased_account_is_out_at_once(self) -> None:
        self.sign_in(self.reader)
        self.reader.erase()
        self.assertIs(self.is_in(), False)

    def test_a_suspension_takes_effect_at_the_next_request(self) -> None:
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        self.assertEqual(self.client.get(url).status_code, 200)
        self.reader.suspended_until = timezone.now() + timedelta(days=1)
        self.reader.save()
        self.assertEqual(self.client.get(url).status_code, 403)
