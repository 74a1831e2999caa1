"""The link that puts an account back, where an owner or an intruder has second factors."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core import mail

from accounts.models import User
from tests.accounts.second_factor.devices import add_app, add_passkey, code_of
from tests.factories import PASSWORD
from tests.reauthenticated import client_of

from .test_restoration import OLD, THIEF, RestoringCase

WRONG = "000000"


class SecondFactorTests(RestoringCase):
    """Factors are among what opens an account: told, put back, asked for."""

    def types(self, person: User | None = None) -> set[str]:
        found = Authenticator.objects.filter(user=person or self.person)
        return set(found.values_list("type", flat=True))

    def post(self, code: str = "", which: int = -1) -> Any:
        return self.client.post(self.link(which), {"code": code})

    def test_one_that_is_added_is_told_with_a_link(self) -> None:
        add_app(self.intruder)
        [notice] = self.notices()
        self.assertIn("An authenticator app was added.", notice)
        self.post()
        self.assertEqual(self.types(), set())

    def test_an_intruders_own_locks_nobody_out(self) -> None:
        """It is there before the address is changed, and still not asked for."""
        add_app(self.intruder)
        self.take_over()
        for which in range(len(self.notices())):
            self.assertNotContains(self.client.get(self.link(which)), 'name="code"')
        self.assertEqual(self.post().status_code, 302)
        self.assertEqual((self.opened_by(), self.types()), (({OLD: True}, OLD, PASSWORD), set()))

    def test_the_owners_is_asked_for_and_put_back_after_an_intruder_removed_it(self) -> None:
        secret = self.owners_app()
        self.intruder.post("/accounts/2fa/totp/deactivate/")
        add_app(self.intruder)
        self.take_over()
        self.assertContains(self.client.get(self.link()), 'name="code"')
        page = self.post(WRONG)
        self.assertContains(page, "not the code", status_code=422)
        self.assertEqual(self.opened_by()[1], THIEF)
        self.assertEqual(self.post(code_of(secret)).status_code, 302)
        self.assertEqual(self.opened_by(), ({OLD: True}, OLD, PASSWORD))
        self.assertEqual(self.types(), {"totp", "recovery_codes"})

    def test_guesses_are_limited_for_each_account(self) -> None:
        self.owners_app()
        self.add()
        statuses = [self.post(WRONG).status_code for _guess in range(8)]
        self.assertEqual((statuses[0], statuses[-1]), (422, 429))

    def test_a_refusal_uses_up_no_recovery_code(self) -> None:
        self.owners_app()
        codes = Authenticator.objects.get(user=self.person, type="recovery_codes").wrap()
        code = codes.get_unused_codes()[0]
        self.take_over()
        self.assertEqual(self.post(WRONG).status_code, 422)
        self.assertEqual(self.post(code).status_code, 302)

    def test_a_passkey_is_told_too(self) -> None:
        self.intruder = client_of(self.person)
        self.intruder.defaults["HTTP_HOST"] = "localhost"
        add_passkey(self.intruder)
        self.assertIn("A passkey was added.", self.notices()[-1])

    def owners_app(self) -> str:
        """Let the owner add an app days ago, so that its snapshot is gone; return its secret."""
        secret = add_app(self.intruder)
        self.person.snapshots.all().delete()
        mail.outbox.clear()
        return secret
