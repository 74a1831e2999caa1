"""Test adding a second factor and signing in with it, with a virtual authenticator of Chromium."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.accounts.second_factor.devices import code_of
from tests.browser import checks
from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor

FACTORS = "/accounts/2fa/"


def add_device(page: Page) -> None:
    """Give the browser of `page` a device that makes passkeys and vouches for its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def confirm(page: Page, site: BrowserSite) -> None:
    """Type the password again where the page asks for it."""
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Confirm").click()


def sign_in(page: Page, site: BrowserSite) -> None:
    """Type address and password of the reader."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("reader@example.org")
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def look_at(page: Page, site: BrowserSite) -> None:
    """Check what is shown as every page is checked, with its messages."""
    with checks.watched(page, site.url) as faults:
        faults += checks.badly_outlined(page)
        faults += checks.inaccessible_anywhere(page)
        faults += checks.badly_laid_out(page)
    assert not faults, "\n".join(faults)


def test_a_passkey_is_added_asked_for_and_signs_in_alone(
    browser: Browser, own_site: BrowserSite
) -> None:
    with visitor(browser, own_site, "reader") as page:
        add_device(page)
        page.goto(FACTORS)
        page.get_by_role("link", name="Add a passkey").click()
        confirm(page, own_site)
        look_at(page, own_site)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
        look_at(page, own_site)
        page.goto(f"{FACTORS}webauthn/")
        page.get_by_role("link", name="Rename").click()
        look_at(page, own_site)
        page.go_back()
        page.get_by_role("link", name="Remove").click()
        look_at(page, own_site)
        sign_out(page)
        sign_in(page, own_site)
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        look_at(page, own_site)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.locator(".menu__name")).to_have_text("reader")
        sign_out(page)
        page.goto("/accounts/login/?next=/series/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.locator(".menu__name")).to_have_text("reader")
        expect(page).to_have_url(re.compile("/series/$"))


def test_a_passkey_that_is_not_there_says_so(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site) as page:
        add_device(page)
        page.goto("/accounts/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert").filter(has_text="was not used")).to_be_visible()


def test_an_app_works_without_scripts(browser: Browser, own_site: BrowserSite) -> None:
    context = browser.new_context(base_url=own_site.url, java_script_enabled=False)
    context.add_cookies([own_site.session("reader")])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(FACTORS)
    page.get_by_role("link", name="Add an app").click()
    confirm(page, own_site)
    image = page.get_by_role("img", name="QR code")
    # decode() waits until the image is there; its other properties are read at once.
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    secret = page.locator("main code").inner_text()
    # A half minute may end between the code and its check, which takes no code of two steps before.
    while "Recovery codes" not in page.locator("h1").inner_text():
        page.get_by_label("Code from the app").fill(code_of(secret, -1))
        with page.expect_navigation():
            page.get_by_role("button", name="Add the app").click()
    sign_out(page)
    sign_in(page, own_site)
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".menu__name")).to_have_text("reader")
    context.close()


def test_the_pages_of_an_app(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "reader") as page:
        page.goto(f"{FACTORS}totp/activate/")
        confirm(page, own_site)
        look_at(page, own_site)
        secret = page.locator("main code").inner_text()
        page.get_by_label("Code from the app").fill("000000")
        page.get_by_role("button", name="Add the app").click()
        look_at(page, own_site)
        page.get_by_label("Code from the app").fill(code_of(secret))
        page.get_by_role("button", name="Add the app").click()
        for path in ("totp/deactivate/", "recovery-codes/generate/"):
            page.goto(f"{FACTORS}{path}")
            look_at(page, own_site)
