"""Test which new passwords are refused, on every way to set one."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import TestCase, override_settings

from accounts.models import User
from accounts.passwords.names import is_made_of_names
from tests.accounts.passwords.lists import write_list
from tests.factories import make_user
from tests.reauthenticated import client_of

SITE = "https://talk.riverbend-press.example"
NAMES = (
    "counterpoint",
    "Counterpoint",
    "COUNTERPOINT1",
    "counterpoint2026!",
    "counter-point-99",
    "c0unterp0int",
    "counterpointcounterpoint",
    "mycounterpoint",
    "\uff43\uff4f\uff55\uff4e\uff54\uff45\uff52\uff50\uff4f\uff49\uff4e\uff54",
    "riverbend-press",
    "riverbendpress",
    "talk.riverbend",
    "wren.okafor",
    "okafor.wren.2026",
    "WrenOkafor12",
    "wrenwrenwren",
    "Serafina-Lindqvist",
    "lindqvist1984!",
    "serafinaserafina",
    "w.hollis@quayside.example",
    "hollis-hollis",
    "quayside123456",
    "counterpointwren",
)
REPEATED = (
    "aaaaaaaaaaaa",
    "aAaAaAaAaAaA",
    "aaaaaaaaaaab",
    "a-a-a-a-a-a-a",
    "101010101010",
    "abcabcabcabc",
    "passwordpassword",
    "horse horse horse",
    "qwertzui8qwertzui8",
    "\u200b" * 12,
    "\u200b\u200c\u200d" * 4 + "ab",
    "\U0001f600" * 10,
    "     \t     x",
    "\uff41aAaAaAaAa",
    "ab" * 100_000,
)
FINE = (
    "tatatatatam bourree",
    "correct horse correct horse",
    "aaaaaaaaaabc",
    "\u306f\u306f\u306e\u306f\u306f\u306f\u306e\u3061\u3061\u306e",
    "correct horse battery",
    "counterpoint staple horse",
    "wren singing at four",
    "caf\u00e9-r\u00e9sum\u00e9-9",
    "4071 9953 8826",
    "\u3068\u3066\u3082\u9577\u3044\u5408\u8a00\u8449\u3067\u3059\u3088",
)


def person() -> User:
    return User(handle="wren.okafor", name="Serafina Lindqvist", email="w.hollis@quayside.example")


@pytest.mark.parametrize("password", NAMES)
def test_a_name_is_refused_however_it_is_decorated(password: str) -> None:
    with override_settings(SITE_URL=SITE):
        assert is_made_of_names(password, person())
        with pytest.raises(ValidationError):
            validate_password(password, person())


def test_a_name_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password("Serafina-Lindqvist", person())
    assert [error.code for error in refused.value.error_list] == ["password_of_names"]


@pytest.mark.parametrize("password", FINE)
def test_words_of_ones_own_are_accepted(password: str) -> None:
    with override_settings(SITE_URL=SITE):
        validate_password(password, person())


@pytest.mark.parametrize("password", REPEATED)
def test_what_repeats_itself_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person())
    assert "password_repeated" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize("password", ["password123", "\uff50assword123", "e\u0301" * 6])
def test_the_other_rules_judge_the_form_that_is_hashed(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, person())


def test_a_very_long_password_is_judged_in_no_time() -> None:
    validate_password("counterpoint and what follows " * 10_000, person())


class WaysToSetOneTests(TestCase):
    """Each of them refuses a name, and a password from the list."""

    STOLEN = "tr0ub4dor&3-again"

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = write_list(Path(folder.name) / "list.txt", [self.STOLEN, "another one"])
        self.enterContext(override_settings(BREACHED_PASSWORDS=path))
        self.person = make_user("robin", email="robin@example.org")

    def refused(self, answer: Any, field: str = "password1") -> bool:
        form = answer.context["form"] if answer.context and "form" in answer.context else None
        return form is not None and field in form.errors

    def test_signing_up(self) -> None:
        data = {"email": "nell@reeds.example", "name": "nell.reeds"}
        for password in ("counterpoint", "nell.reeds-1", self.STOLEN):
            with self.subTest(password):
                answer = self.client.post("/accounts/signup/", {**data, "password1": password})
                self.assertIs(self.refused(answer), True)
        self.client.post("/accounts/signup/", {**data, "password1": "a heron by the weir"})
        self.assertIs(User.objects.filter(handle="nell.reeds").exists(), True)

    def test_changing(self) -> None:
        self.client = client_of(self.person)
        for password in ("robin-robin-1", self.STOLEN):
            data = {"password1": password, "password2": password}
            answer = self.client.post("/accounts/password/change/", data)
            self.assertIs(self.refused(answer), True)
        data = dict.fromkeys(("password1", "password2"), "a heron by the weir")
        answer = self.client.post("/accounts/password/change/", data)
        self.assertRedirects(answer, "/me/account/")

    def test_setting_the_first(self) -> None:
        self.person.set_unusable_password()
        self.person.save()
        for password in ("robin-robin-1", self.STOLEN):
            with self.assertRaises(ValidationError):
                validate_password(password, self.person)

    def test_a_list_that_is_gone_refuses_nobody(self) -> None:
        with (
            override_settings(BREACHED_PASSWORDS=Path("/nowhere/list.txt")),
            self.assertLogs("accounts.passwords.validators", "ERROR"),
        ):
            validate_password(self.STOLEN, self.person)

    def test_without_a_list_nothing_is_looked_up(self) -> None:
        with override_settings(BREACHED_PASSWORDS=None):
            validate_password(self.STOLEN, self.person)
