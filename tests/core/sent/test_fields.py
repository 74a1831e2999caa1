"""Every field of every form is known as words, a choice or a key."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.forms import CharField, Textarea, TextInput
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.test import SimpleTestCase
from django.utils.module_loading import import_string

from core.sent.fields import CHOICES, KEYS, TEXTS, fields_of, is_secret, texts_of

OURS = ("accounts", "comments", "posts")


def forms(above: Any = BaseForm) -> Iterator[type[BaseForm]]:
    """Yield all forms of the site."""
    for form in above.__subclasses__():
        if form.__module__.partition(".")[0] in OURS:
            yield form
        yield from forms(form)


class FieldTests(SimpleTestCase):
    """The entries, and the words in them."""

    def test_every_field_has_one_entry_of_its_kind(self) -> None:
        for path in (*settings.MFA_FORMS.values(), *settings.ACCOUNT_FORMS.values()):
            import_string(path)  # allauth does so when it shows one
        import_module(settings.ROOT_URLCONF)
        found = {
            (name, form.__qualname__): field
            for form in forms()
            for name, field in getattr(form, "base_fields", {}).items()
        }
        assert len(found) > 60
        for (name, form), field in found.items():
            with self.subTest(f"{form}.{name}"):
                kinds = [name in kind for kind in (TEXTS, CHOICES, KEYS)]
                assert is_secret(name) or kinds.count(True) == 1
                is_typed = isinstance(field, CharField) and isinstance(
                    field.widget, TextInput | Textarea
                )
                if is_typed and not field.widget.is_hidden and not is_secret(name):
                    assert name in TEXTS

    def test_labels_tell_fields_of_one_name_apart(self) -> None:
        form = QueryDict(mutable=True)
        form.update({"answers-0-word": "Same", "answers-1-word": "", "answers-0-key": "same"})
        labels = [(field.label, field.kind) for field in fields_of(form)]
        assert labels == [("Word (1)", "text"), ("Word (2)", "text"), ("", "key")]
        assert [field.value for field in texts_of(form)] == ["Same"]

    def test_words_in_a_field_without_an_entry_are_not_lost(self) -> None:
        form = QueryDict(mutable=True)
        form.update({"unheard_of": "An hour of thought.", "other": "x", "form_key": str(uuid4())})
        assert [(field.name, field.label) for field in texts_of(form)] == [
            ("unheard_of", "Your words")
        ]

    def test_secrets_are_never_among_them(self) -> None:
        form = QueryDict(mutable=True)
        form.update({"password1": "a long secret password", "code": "AAAA-AAAA-AAAA"})
        assert fields_of(form) == []
