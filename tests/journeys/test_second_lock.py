"""The second lock in a real browser: a code after the password, and a passkey that the browser’s own device holds."""

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Town
from tests.journeys.test_accessible_pages import AXE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module", autouse=True)
def heidi(town: Town) -> None:
    """Somebody whose way in may change without disturbing other journeys."""
    said = town.server.command("people", "add", "heidi", "--name", "Heidi Example")
    town.passwords["heidi"] = said.split()[-1]


_STANDS_STILL = """() => {
  const ends = document.getAnimations().filter((moving) => moving.effect.getComputedTiming().endTime < Infinity);
  return Promise.allSettled(ends.map((moving) => moving.finished)).then(() => null);
}"""


def look(page: Page) -> None:
    """axe finds nothing serious here, once the page stands still: colours that still change are no fault."""
    page.wait_for_load_state()
    page.evaluate(_STANDS_STILL)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    serious = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
    assert not serious, serious


def type_password(page: Page, town: Town) -> None:
    page.goto("/sign-in")
    page.get_by_label("Username or work e-mail").fill("heidi")
    page.get_by_label("Password").fill(town.passwords["heidi"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def prove(page: Page, town: Town) -> None:
    look(page)
    page.get_by_label("Your password").fill(town.passwords["heidi"])
    page.get_by_role("button", name="Continue").click()


def add_passkey(page: Page, town: Town) -> None:
    page.goto("/settings/passkeys/new")
    prove(page, town)
    look(page)
    page.get_by_label("What do you call it?").fill("Work laptop")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("#passkeys")).to_contain_text("Work laptop")


def turn_on(page: Page) -> str:
    """Returns one of the spare codes."""
    page.goto("/settings/factor")
    look(page)
    secret = (page.locator(".scan-key").text_content() or "").replace(" ", "")
    page.get_by_label("Type the six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".spare-codes li")).to_have_count(10)
    look(page)
    return page.locator(".spare-codes li code").first.text_content() or ""


def test_a_code_and_a_passkey_open_the_door(browser: Browser, town: Town) -> None:
    context = browser.new_context(base_url=f"http://localhost:{town.server.port}", bypass_csp=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    type_password(page, town)
    expect(page.locator(".frame")).to_have_attribute("data-connection", "live")
    add_passkey(page, town)
    spare = turn_on(page)

    context.clear_cookies()
    type_password(page, town)
    expect(page).to_have_url(f"http://localhost:{town.server.port}/sign-in/code")
    look(page)
    page.get_by_role("link", name="Recovery code").click()
    page.wait_for_url("**/sign-in/recovery")
    look(page)
    page.get_by_role("textbox", name="Recovery code").fill(spare)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".frame")).to_have_attribute("data-connection", "live")

    context.clear_cookies()
    page.goto("/sign-in")
    look(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".frame")).to_have_attribute("data-connection", "live")
    page.goto("/settings/security")
    expect(page.locator("#passkeys")).to_contain_text("Used")
    look(page)
    context.close()


def test_elsewhere_the_page_says_where_passkeys_work(browser: Browser, town: Town) -> None:
    context = browser.new_context(base_url=town.address)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    context.close()
