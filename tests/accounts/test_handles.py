"""Test changing one's handle and name."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import FormerHandle, User
from tests.cast import Cast

URL = "/me/handle/"


class HandleTests(Cast):
    """The page of one's handle and name."""

    def change(self, handle: str, name: str = "") -> int:
        return self.client.post(URL, {"handle": handle, "name": name}).status_code

    def test_the_new_handle_is_taken_and_the_old_one_leads_to_it(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual(self.change("robin.hale", "Robin Hale"), 302)
        self.reader.refresh_from_db()
        self.assertEqual((self.reader.handle, self.reader.name), ("robin.hale", "Robin Hale"))
        self.client.logout()
        self.assertRedirects(self.client.get("/@robin/"), "/@robin.hale/")

    def test_nobody_else_can_take_the_old_one_for_a_year(self) -> None:
        self.sign_in(self.reader)
        self.change("robin.hale")
        self.sign_in(self.stranger)
        self.assertEqual(self.change("robin"), 422)
        self.assertEqual(self.change("r0bin"), 422)
        FormerHandle.objects.update(released_at=timezone.now() - timedelta(days=1))
        self.assertEqual(self.change("robin"), 302)

    def test_only_once_in_thirty_days(self) -> None:
        self.sign_in(self.reader)
        self.change("robin.hale")
        self.assertEqual(self.change("robin.h"), 422)
        User.objects.filter(pk=self.reader.pk).update(
            handle_changed_at=timezone.now() - timedelta(days=31)
        )
        self.assertEqual(self.change("robin"), 302)

    def test_a_name_alone_can_change_at_any_time(self) -> None:
        self.sign_in(self.reader)
        for name in ("Robin", "Robin Hale"):
            self.assertEqual(self.change("robin", name), 302)

    def test_what_cannot_be_taken_comes_back(self) -> None:
        self.sign_in(self.reader)
        answer = self.client.post(URL, {"handle": "moderator", "name": "Robin"})
        self.assertContains(answer, "reserved", status_code=422)
        self.assertContains(answer, 'value="moderator"', status_code=422)

    def test_visitors_and_the_suspended(self) -> None:
        self.assertEqual(self.change("somebody"), 302)
        self.sign_in(self.suspended)
        self.assertEqual(self.change("somebody"), 403)
        self.assertIs(User.objects.filter(handle="somebody").exists(), False)

    def test_twice_is_once(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual([self.change("robin.hale"), self.change("robin.hale")], [302, 302])
        self.assertEqual(FormerHandle.objects.count(), 1)
