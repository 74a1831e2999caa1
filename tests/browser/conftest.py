"""Provide Chromium and a site to visit. Tests here use a database only through `site`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import services
from tests.browser.site import BrowserSite, make_new, serving
from tests.browser.visitors import PATIENCE
from tests.made_once import demonstration

QUIET_CHROMIUM = [
    "--no-sandbox",  # containers forbid what the sandbox needs
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--renderer-process-limit=1",  # a process for each page costs more than the page
    "--disable-background-networking",  # no calls home in the middle of a test
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium instead of one that Playwright would download."""
    program = str(services.headless_chromium())
    return {**browser_type_launch_args, "executable_path": program, "args": QUIET_CHROMIUM}


@pytest.fixture(scope="session")
def prepared_site() -> Path:
    """Return the folder of a site with the demonstration, to be copied and never served."""
    return demonstration()


@pytest.fixture(scope="session")
def site(prepared_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserSite]:
    """Serve the site that browser tests share, including what they write."""
    with serving(prepared_site, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def site_of_one(
    prepared_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserSite]:
    """Serve the site of `own_site`, which is made new for each test."""
    with serving(prepared_site, tmp_path_factory.mktemp("site-of-one")) as running:
        yield running


@pytest.fixture
def own_site(site_of_one: BrowserSite, prepared_site: Path) -> BrowserSite:
    """Return a site for this test alone, in the state of the demonstration."""
    make_new(site_of_one, prepared_site)
    return site_of_one


@pytest.fixture(autouse=True)
def without_drafts(request: pytest.FixtureRequest) -> None:
    """Begin without the drafts of earlier tests, which pages would show again."""
    if "site" in request.fixturenames:
        site: BrowserSite = request.getfixturevalue("site")
        site.execute("DELETE FROM accounts_keptform")


@pytest.fixture(scope="session")
def site_url(site: BrowserSite) -> str:
    """Return the address of the shared site, without a trailing slash."""
    return site.url


@pytest.fixture(scope="session")
def base_url(site: BrowserSite) -> str:
    """Return the address that Playwright puts before paths."""
    return site.url


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Give each test a new window, with a timeout for a busy machine."""
    context.set_default_timeout(PATIENCE)
    return context
