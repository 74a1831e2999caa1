"""Every form that takes text gives it back when it is refused, whatever the reason.

That a session has ended is tested in `tests/accounts/drafts/test_kept.py`, and what others change
meanwhile in `tests/comments/test_changed_meanwhile.py`.
"""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import guards
from accounts.models import User
from core.exceptions import ActionRefused
from core.sent.fields import TEXTS
from tests.cast import Cast
from tests.comments.test_changed_meanwhile import WORDS, Subjects
from tests.core.sent.test_fields import forms
from tests.posts.studio.forms import fields_in
from tests.reauthenticated import client_of

Refusal = Callable[[User, str, dict[str, Any], str], Any]
# What a reader chooses, where no page has it chosen already.
CHOSEN: dict[str, dict[str, str]] = {
    "comments:answer": {"stance": "same"},
    "comments:changes": {"kind": "softened"},
    "comments:post-changes": {"kind": "softened"},
    "comments:change-answer": {"said": "no"},
    "comments:flags": {"reason": "spam"},
    "comments:removal": {"reason": "spam"},
    "comments:lock": {"reason": "heated"},
    "comments:unlock": {"reason": "settled"},
    "comments:discussion-close": {"reason": "finished"},
    "comments:discussion-open": {"reason": "settled"},
    "comments:change-removal": {"reason": "spam"},
    "comments:suspension": {"reason": "advertising", "length": "1"},
    "comments:suspension-end": {"reason": "settled"},
    "comments:admission": {"wish": "decline"},
}
# The classes of the forms below, and those without words of their own to lose. Forms of accounts
# are in `tests/accounts`.
TRIED = {
    "AdmissionForm",
    "ChangeForm",
    "CloseForm",
    "ClosingForm",
    "CommentForm",
    "EditForm",
    "EndForm",
    "FirstArticleForm",
    "FlagForm",
    "LockForm",
    "NewPromiseForm",
    "OpenForm",
    "PartForm",
    "PostForm",
    "ProfileForm",
    "PromiseForm",
    "QuestionForm",
    "ReadingForm",
    "ReasonForm",
    "RemovalForm",
    "SeriesForm",
    "ShownReasonForm",
    "SuspensionForm",
}
OTHERS = {"ErasureForm", "NamingForm", "PartsForm", "SealingForm", "SideForm", "StanceForm"}
# Who sends the form, the route, what it is about, its longest text, and where its page is another.
FORMS: tuple[tuple[str, str, str, str, str], ...] = (
    ("reader", "comments:answer", "post", "body", ""),
    ("reader", "comments:edit", "own", "body", ""),
    ("reader", "comments:changes", "credit", "words", ""),
    ("reader", "comments:post-changes", "paragraph", "words", ""),
    ("stranger", "comments:change-answer", "change", "note", "comments:me"),
    ("author", "comments:closing-edit", "closing_again", "body", ""),
    ("reader", "comments:flags", "comment", "note", ""),
    ("moderator", "comments:removal", "comment", "note", ""),
    ("author", "comments:lock", "comment", "note", ""),
    ("author", "comments:unlock", "locked", "note", "comments:lock"),
    ("author", "comments:discussion-close", "post", "note", ""),
    ("author", "comments:discussion-close", "post", "to_readers", ""),
    ("author", "comments:lock", "comment", "to_readers", ""),
    ("author", "comments:discussion-open", "ended", "note", "comments:discussion-close"),
    ("moderator", "comments:change-removal", "change", "note", ""),
    ("moderator", "comments:suspension", "stranger", "note", ""),
    ("moderator", "comments:suspension-end", "suspended_other", "note", "comments:suspension"),
    ("moderator", "comments:admission", "waiting", "note", "comments:requests"),
    ("author", "posts:studio-post-create", "", "body", ""),
    ("author", "posts:studio-post", "own_post", "body", ""),
    ("author", "posts:studio-question", "own_asking_post", "text", ""),
    ("author", "posts:studio-promises", "own_post", "words", ""),
    ("author", "posts:studio-promise", "promise", "withdrawn_reason", ""),
    ("author", "posts:studio-series-create", "", "description", ""),
    ("author", "posts:studio-series", "own_series", "description", ""),
    ("author", "posts:studio-parts", "own_series", "part-summary", ""),
    ("author", "posts:studio-part", "part", "summary", ""),
    ("admin", "posts:site-settings", "", "imprint", ""),
    ("admin", "posts:site-setup-article", "", "text", ""),
    ("admin", "posts:site-setup-reading", "asking_draft", "question", ""),
)
URLENCODED = "application/x-www-form-urlencoded"


def suspended(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    User.objects.filter(pk=person.pk).update(banned_at=timezone.now())
    answer = client_of(person).post(url, sent)
    User.objects.filter(pk=person.pk).update(banned_at=None)
    return answer


def without_token(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client.post(url, sent)


def without_the_role(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    """Send the form of an author or moderator as somebody who is neither."""
    return client_of(User.objects.get(handle="nell")).post(url, sent)


def gone(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    """Send the form about what is not there; a new post or series is about nothing."""
    nowhere = re.sub(r"/(\d+|post-\d+)/", "/999999/", re.sub("@[^/]+", "@nobody", url))
    client, token = Client(enforce_csrf_checks=True), "t" * 32
    client.force_login(person)
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    return client.post(nowhere, {**sent, "csrfmiddlewaretoken": token})


def too_long(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    return client_of(person).post(url, {**sent, field: f"{WORDS} {'and so on ' * 50_000}"})


def too_large(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    return client_of(person).post(url, {**sent, field: f"{WORDS} {'x' * 3_000_000}"})


def too_many_fields(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    return client_of(person).post(url, {**sent, **{f"more-{each}": "x" for each in range(250)}})


def in_another_encoding(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
    body = urlencode(sent, doseq=True)
    return client_of(person).post(url, body, content_type=f"{URLENCODED}; charset=utf-7")


def refused_with(error: Exception) -> Refusal:
    """Return the refusal by an error at the beginning of the write: too fast, too late, no disk."""

    def refused(person: User, url: str, sent: dict[str, Any], field: str) -> Any:
        client = client_of(person)
        client.raise_request_exception = False
        with mock.patch.object(guards, "refuse_if_changed", side_effect=error):
            return client.post(url, sent)

    return refused


REFUSALS: dict[str, Refusal] = {
    "suspended": suspended,
    "without token": without_token,
    "without the role": without_the_role,
    "gone": gone,
    "too long": too_long,
    "too large": too_large,
    "too many fields": too_many_fields,
    "in another encoding": in_another_encoding,
    "too fast": refused_with(ActionRefused("Too fast.", status=429, retry_after=60)),
    "too late": refused_with(ActionRefused("Too late.", status=409)),
    "not allowed": refused_with(ActionRefused("Not you.", status=403)),
    "database down": refused_with(OperationalError()),
}
# Refusals that a form cannot meet, because it is open to every reader or about nothing.
IMPOSSIBLE = {
    "without the role": {
        "comments:answer",
        "comments:changes",
        "comments:post-changes",
        "comments:flags",
    },
    "gone": {
        "posts:site-settings",
        "posts:site-setup-article",
        "posts:studio-post-create",
        "posts:studio-series-create",
    },
}


@pytest.mark.one_database
class WordsComeBackTests(Cast):
    """All forms, by all refusals."""

    def test_each_form_at_each_refusal(self) -> None:
        for role, route, on, field, page in FORMS:
            with transaction.atomic():
                cache.clear()
                person: User = getattr(self, role)
                url, sent = self.form(person, route, on, field, page)
                for name, refusal in REFUSALS.items():
                    if route not in IMPOSSIBLE.get(name, set()):
                        with self.subTest(route, refusal=name):
                            self.check(refusal(person, url, sent, field))
                transaction.set_rollback(True)

    def form(
        self, person: User, route: str, on: str, field: str, page: str
    ) -> tuple[str, dict[str, Any]]:
        """Return the address of a form, and what a browser would send of it with `WORDS`."""
        arguments, more = Subjects(self, person).target(on)
        lists = {"comments:me", "comments:requests"}
        place = reverse(page or route, args=[] if page in lists else arguments)
        shown = client_of(person).get(place)
        sent = {**fields_in(shown.text, holding=field), **more, field: WORDS}
        sent.pop("drawn_for")
        return reverse(route, args=arguments), {**CHOSEN.get(route, {}), **sent}

    def check(self, answer: Any) -> None:
        assert 400 <= answer.status_code < 600, answer.status_code
        if answer.status_code in {400, 413, 415}:
            self.assertIn("your browser still has what you typed", answer.text)
        else:
            self.assertIn(WORDS, answer.text)

    def test_no_form_with_words_is_forgotten(self) -> None:
        """A form of a new class needs a row in `FORMS`, or a reason to be among `OTHERS`."""
        import_module(settings.ROOT_URLCONF)
        found = {
            form.__name__
            for form in forms()
            if not form.__module__.startswith("accounts.")
            and TEXTS.keys() & getattr(form, "base_fields", {}).keys()
        }
        self.assertEqual(found, TRIED | OTHERS)
