"""Test the rules of docs/security.md that belong to no single feature."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from tests.accounts.test_sign_up import code_in_mail
from tests.cast import Cast
from tests.factories import PASSWORD

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for folder in ("site", "posts", "comments")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]
SCRIPTS = sorted((ROOT / "site" / "static" / "js").rglob("*.js"))
# Calls that run or rebuild whatever a text says; `yaml.safe_load` and the like are not among them.
DANGEROUS = {
    "eval",
    "exec",
    "compile",
    "os.system",
    "os.popen",
    "pickle.loads",
    "pickle.load",
    "marshal.loads",
    "yaml.load",
    "yaml.unsafe_load",
}
UNSAFE_SCRIPT = re.compile(
    r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\("
    r"|postMessage|addEventListener\(\s*[\"']message"
)
# Of a public page, a feed, files for machines, and health checks.
PUBLIC = ("/", "/about/", "/feeds/posts/", "/robots.txt", "/sitemap.xml", "/healthz", "/readyz")
LONG_PASSWORD = "every colour of the evening sky over the harbour " * 2


def dangerous(source: str) -> list[str]:
    """Return the calls in `source` that run text as code, or a shell."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            has_shell = any(word.arg == "shell" for word in node.keywords)
            found += [name] if name in DANGEROUS or has_shell else []
    return found


def test_no_text_is_run_as_code() -> None:
    assert {path: found for path in SOURCES if (found := dangerous(path.read_text()))} == {}


@pytest.mark.parametrize(
    "line", ["eval(x)", "pickle.loads(x)", "yaml.load(x)", "subprocess.run(x, shell=True)"]
)
def test_a_dangerous_call_is_found(line: str) -> None:
    assert dangerous(line)


def test_scripts_write_text_as_text() -> None:
    assert [path.name for path in SCRIPTS if UNSAFE_SCRIPT.search(path.read_text())] == []
    assert UNSAFE_SCRIPT.search("box.innerHTML = answer")


def test_nothing_personal_is_stored_in_the_browser() -> None:
    """Only whether single keys are switched on, and drafts.

    Signing out removes those of an account, closing the tab those of nobody.
    """
    stored = {
        path.name: re.findall(r"(?:local|session)Storage\.setItem\((\w+)", path.read_text())
        for path in SCRIPTS
    }
    assert {name: keys for name, keys in stored.items() if keys} == {
        "shortcuts.js": ["STORAGE_KEY"],
        "copies.js": ["key", "WIPED"],
        "tab.js": ["PREFIX"],
    }
    text = "".join(path.read_text() for path in SCRIPTS)
    assert text.count("Storage.setItem(") == 4


def test_the_proxy_speaks_only_present_versions_of_tls() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.findall(r"ssl_protocols (.*);", text) == ["TLSv1.2 TLSv1.3"]


def test_the_service_has_an_account_of_its_own_and_writes_nowhere_else() -> None:
    text = (ROOT / "deploy" / "counterpoint.service").read_text()
    for line in ("User=counterpoint", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0027"):
        assert line in text.splitlines()


def real_settings(tmp_path: Path, *names: str) -> dict[str, object]:
    """Return the settings `names` of a site with `DEBUG` off and an https address."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}))"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "a-key-of-the-test-that-nobody-else-has-and-that-is-long-enough-0123456789",
        "ALLOWED_HOSTS": "discuss.example.org",
        "SITE_URL": "https://discuss.example.org",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
    }
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_cookies_of_a_real_site_are_bound_to_it(tmp_path: Path) -> None:
    found = real_settings(
        tmp_path,
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_SAMESITE",
        "SESSION_COOKIE_HTTPONLY",
    )
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"):
        assert str(found.pop(name)).startswith("__Host-")
    assert set(found.values()) == {True, "Lax"}


def test_a_real_site_has_no_debug_pages_and_slow_hashes(tmp_path: Path) -> None:
    found = real_settings(tmp_path, "DEBUG", "PASSWORD_HASHERS", "SECURE_HSTS_SECONDS")
    assert found["DEBUG"] is False
    assert str(found["PASSWORD_HASHERS"]).startswith(
        "['django.contrib.auth.hashers.PBKDF2PasswordHasher'"
    )
    assert int(str(found["SECURE_HSTS_SECONDS"])) >= 365 * 24 * 60 * 60


class AnswerTests(TestCase):
    """Answers of every kind of address."""

    def test_texts_name_their_charset(self) -> None:
        for url in PUBLIC:
            kind = self.client.get(url)["Content-Type"]
            # XML names its encoding itself.
            assert "charset=utf-8" in kind or kind == "application/xml", url

    def test_a_trace_is_refused(self) -> None:
        for url in ("/", "/healthz", "/robots.txt"):
            assert self.client.trace(url).status_code == 405

    def test_nothing_of_the_repository_and_no_listing_is_served(self) -> None:
        for url in ("/.git/config", "/static/", "/media/", "/site/config/settings.py", "/.env"):
            assert self.client.get(url).status_code == 404

    def test_no_other_origin_may_read_an_answer(self) -> None:
        for url in PUBLIC:
            answer = self.client.get(url, HTTP_ORIGIN="https://evil.example")
            assert not answer.has_header("Access-Control-Allow-Origin")


class AccountRuleTests(Cast):
    """What holds for passwords, codes and sessions."""

    def change_password(self, old: str, new: str) -> bool:
        """Type the present password where it is asked for, then a new one; return whether it is."""
        page = reverse("account_change_password")
        asked = self.client.get(page)
        if asked.status_code == 302:
            self.client.post(asked["Location"], {"password": old})
        self.client.post(page, {"password1": new, "password2": new})
        self.reader.refresh_from_db()
        return self.reader.check_password(new)

    def sign_in_with(self, password: str, client: Client) -> bool:
        data = {"login": self.reader.email, "password": password}
        client.post(reverse("account_login"), data)
        return "_auth_user_id" in client.session

    def test_changing_the_password_asks_for_the_present_one(self) -> None:
        self.sign_in_with(PASSWORD, self.client)
        assert not self.change_password("not the password", "a new and longer one")
        assert self.change_password(PASSWORD, "a new and longer one")

    def test_any_characters_and_any_length_make_a_password(self) -> None:
        self.sign_in_with(PASSWORD, self.client)
        old = PASSWORD
        for new in ("tuesdays are for soup", "Ünïcödé 🫖 teapots", LONG_PASSWORD.strip()):
            assert self.change_password(old, new), new
            old = new

    @override_settings(ACCOUNT_RATE_LIMITS=False)
    def test_a_password_is_compared_to_the_last_character(self) -> None:
        self.reader.set_password(LONG_PASSWORD.strip())
        self.reader.save()
        for wrong in (LONG_PASSWORD.strip()[:-1], LONG_PASSWORD.strip().upper()):
            assert not self.sign_in_with(wrong, Client())
        assert self.sign_in_with(LONG_PASSWORD.strip(), Client())

    def test_password_fields_are_masked_and_can_be_pasted_into(self) -> None:
        page = self.client.get(reverse("account_login")).content.decode()
        field = re.search(r'<input[^>]*name="password"[^>]*>', page)
        assert field
        assert 'type="password"' in field[0]
        assert 'autocomplete="current-password"' in field[0]
        assert "onpaste" not in page

    def test_a_code_works_once_and_where_it_was_asked_for(self) -> None:
        asked = self.client.post(
            reverse("account_request_login_code"), {"email": self.reader.email}
        )
        code = code_in_mail()
        elsewhere = Client()
        elsewhere.post(asked["Location"], {"code": code})
        assert "_auth_user_id" not in elsewhere.session
        self.client.post(asked["Location"], {"code": code})
        assert "_auth_user_id" in self.client.session
        self.client.logout()
        self.client.post(asked["Location"], {"code": code})
        assert "_auth_user_id" not in self.client.session
        assert len(mail.outbox) == 1

    def test_session_keys_are_long_and_never_alike(self) -> None:
        keys = set()
        for _time in range(20):
            client = Client()
            client.force_login(self.reader)
            keys.add(str(client.session.session_key))
        assert len(keys) == 20
        # 32 characters of 36 are 165 bits.
        assert {len(key) for key in keys} == {32}

    def test_every_page_of_a_person_has_the_way_out(self) -> None:
        self.sign_in(self.reader)
        for url in ("/", "/me/notifications/", "/me/settings/", self.post.get_absolute_url()):
            self.assertContains(self.client.get(url), f'action="{reverse("account_logout")}"')

    def test_a_changing_request_from_another_site_is_refused(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.reader)
        url = reverse("comments:nudge-dismissal")
        assert client.post(url, {}, HTTP_ORIGIN="https://evil.example").status_code == 403
        assert client.post(url, {}).status_code == 403

    def test_the_session_cookie_is_out_of_reach_of_scripts(self) -> None:
        self.sign_in_with(PASSWORD, self.client)
        assert self.client.cookies[settings.SESSION_COOKIE_NAME]["httponly"]
