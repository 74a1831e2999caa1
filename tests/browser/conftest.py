"""Chromium and a site to visit. Tests here never touch a database but through `site`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import services
from tests.browser.site import BrowserSite, serving
from tests.made_once import demonstration

QUIET_CHROMIUM = [
    "--no-sandbox",  # containers forbid what the sandbox needs
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # no calls home in the middle of a test
    "--disable-component-update",
    "--disable-sync",
]

# Milliseconds: two busy cores need seconds for a page, and nothing that works needs more.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium instead of one that Playwright would download."""
    program = str(services.chromium())
    return {**browser_type_launch_args, "executable_path": program, "args": QUIET_CHROMIUM}


@pytest.fixture(scope="session")
def prepared_site() -> Path:
    """The state of a site with the demonstration in it; copied, never served itself."""
    return demonstration()


@pytest.fixture(scope="session")
def site(prepared_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserSite]:
    """The site that the browser tests share; what one of them writes, the others see."""
    with serving(prepared_site, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def own_site(prepared_site: Path, tmp_path: Path) -> Iterator[BrowserSite]:
    """A site for this test alone, as it is right after the demonstration was loaded."""
    with serving(prepared_site, tmp_path / "site") as running:
        yield running


@pytest.fixture(scope="session")
def site_url(site: BrowserSite) -> str:
    """The address of the shared site, without a trailing slash."""
    return site.url


@pytest.fixture(scope="session")
def base_url(site: BrowserSite) -> str:
    """What Playwright puts before addresses like `/archive/`."""
    return site.url


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """A window of its own for each test, with patience for a busy machine."""
    context.set_default_timeout(PATIENCE)
    return context
