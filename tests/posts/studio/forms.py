"""Read the filled fields of the studio's forms, to send them as a browser would."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from posts.models import Post

# Fields of which a form has several.
REPEATED = ("parts", "row", "replaced-row")


class _Fields(HTMLParser):
    """Collects the fields of all forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.forms.append({"action": given.get("action") or "", "fields": {}})
        elif tag == "input" and name and self.forms:
            chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given
            if chosen:
                self._put(name, given.get("value") or "")
        elif tag == "textarea":
            self._textarea = name
            self._put(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._put(self._select, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            fields = self.forms[-1]["fields"]
            fields[self._textarea] += data if fields[self._textarea] else data.removeprefix("\n")

    def _put(self, name: str, value: str) -> None:
        fields = self.forms[-1]["fields"]
        if name in REPEATED:
            fields[name] = [*fields.get(name, []), value]
        else:
            fields[name] = value


def fields_of(client: Client, url: str, *, holding: str) -> dict[str, Any]:
    """Return the filled fields of the form at `url` that has a field named `holding`."""
    return fields_in(client.get(url).content.decode(), holding=holding)


def fields_in(html: str, *, holding: str) -> dict[str, Any]:
    """Return the filled fields of the form in `html` that has a field named `holding`."""
    reader = _Fields()
    reader.feed(html)
    found = next(form["fields"] for form in reader.forms if holding in form["fields"])
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def newest_text(post: Post) -> tuple[str, str]:
    """Return title and text of the newest revision in the database."""
    newest = Post.objects.with_text().get(pk=post.pk).newest_revision
    assert newest is not None
    return newest.title, newest.body
