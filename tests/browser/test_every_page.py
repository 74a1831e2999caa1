"""Test every page in the browser: accessible, well laid out, without requests to other hosts."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import checks
from tests.browser.gallery import ANYBODY, NO_PAGE, PAGES, Gallery, GalleryPage, furnish, page_names
from tests.browser.site import serving
from tests.test_permissions import route_names


@pytest.fixture(scope="module")
def gallery(prepared_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """Provide a site with rows for every page."""
    with serving(prepared_site, tmp_path_factory.mktemp("gallery")) as site:
        yield furnish(site)


@pytest.fixture(scope="module")
def windows(gallery: Gallery, browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Open a window for each person of the gallery, signed in unless anonymous."""
    # Without motion, so that no colour is measured in the middle of a transition.
    contexts = {
        who: browser.new_context(reduced_motion="reduce") for who in {page.who for page in PAGES}
    }
    sessions = gallery.site.sessions([who for who in contexts if who != ANYBODY])
    for who, session in sessions.items():
        contexts[who].add_cookies([session])  # type: ignore[list-item]
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def writing(gallery: Gallery) -> str:
    """Return the address of the style sheet for people who write."""
    manifest = json.loads((gallery.site.folder / "static/staticfiles.json").read_text())
    return f"{gallery.site.url}/static/{manifest['paths']['css/writing.css']}"


@pytest.mark.parametrize("shown", PAGES, ids=page_names())
def test_page(
    shown: GalleryPage, gallery: Gallery, windows: dict[str, BrowserContext], writing: str
) -> None:
    """Run all checks on the page, in both themes and at every width."""
    page = windows[shown.who].new_page()
    address = gallery.url(shown)
    with checks.watched(page, gallery.site.url) as faults:
        response = page.goto(address)
        assert response is not None
        assert response.status == shown.status
        if shown.route != "comments:permalink":
            assert urlsplit(page.url).path == urlsplit(address).path
        faults += checks.badly_outlined(page)
        faults += checks.inaccessible_anywhere(page)
        faults += checks.badly_laid_out(page)
        faults += checks.moving(page)
        if shown.who == ANYBODY:
            faults += checks.drawn_otherwise(page, writing)
    page.close()
    assert not faults, "\n".join(faults)


def test_open_forms(gallery: Gallery, windows: dict[str, BrowserContext]) -> None:
    """Check states of one page: a composer with errors, a preview, an open reply and menu."""
    page = windows["reader"].new_page()
    page.goto(gallery.url(PAGES[2]))
    with checks.watched(page, gallery.site.url) as faults:
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".notice--error").first).to_be_visible()
        faults += checks.inaccessible_anywhere(page)
        page.get_by_role("radio", name="Same").first.check()
        page.get_by_role("textbox", name="And why?").fill("A *word*.")
        page.get_by_role("button", name="Preview").first.click()
        expect(page.get_by_role("region", name="Preview")).to_be_visible()
        page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
        expect(page.locator("form.composer--reply")).to_be_visible()
        page.locator(".masthead summary").first.click()
        faults += checks.inaccessible_anywhere(page)
        faults += checks.badly_laid_out(page)
    page.close()
    assert not faults, "\n".join(faults)


def test_somebody_suspended_is_told_on_every_page(
    gallery: Gallery, windows: dict[str, BrowserContext]
) -> None:
    """Require the reason once on each page, whatever its status, and on nobody else's."""
    silent, told = [], 0
    for address in sorted({gallery.url(page) for page in PAGES}):
        answer = windows["suspended"].request.get(address)
        if answer.headers["content-type"].startswith("text/html"):
            told += 1
            if answer.text().count('id="suspended"') != 1:
                silent.append(f"{answer.status} {address}")
        assert 'id="suspended"' not in windows["reader"].request.get(address).text()
    assert not silent, "\n".join(silent)
    assert told > 50


def test_every_route_is_looked_at() -> None:
    """Require every route to be in the gallery or in the list of exceptions."""
    routes = set(route_names(get_resolver().url_patterns))
    assert routes - {page.route for page in PAGES} == set(NO_PAGE)
