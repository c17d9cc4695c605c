"""A session that ends is over in every tab at once; the other sessions of the same person go on."""

import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.journeys.conftest import Open, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

REFUSED = '41{"message": "sign-in-needed"}'  # as the server says it to a socket that it does not know


@pytest.fixture(scope="module", autouse=True)
def grace(town: Town) -> None:
    """Somebody whose account may be closed without disturbing other journeys."""
    said = town.server.command("people", "add", "grace", "--name", "Grace Example")
    town.passwords["grace"] = said.split()[-1]
    town.tokens["grace"] = town.server.command("token", "grace").splitlines()[-1]


def test_signing_out_the_others_reaches_their_tabs_and_leaves_this_one_live(opened: Open) -> None:
    here, there = opened("grace", "/settings/security"), opened("grace", "/settings/appearance")
    here.reload()
    here.get_by_role("button", name="Sign out the others").click()
    expect(there.get_by_role("alert")).to_contain_text("You are signed out here.")
    expect(there.locator("[data-connection-words]")).to_have_text("Signed out")
    expect(here.locator(".frame")).to_have_attribute("data-connection", "live")
    there.get_by_role("link", name="Sign in again").click()
    expect(there).to_have_url(re.compile(r"/sign-in\?next=/settings/appearance$"))


def test_where_the_cookie_does_not_reach_the_live_line_it_is_not_tried_all_the_time(opened: Open) -> None:
    page = opened("grace")
    tries: list[WebSocketRoute] = []

    def show_out(line: WebSocketRoute) -> None:
        def answer(said: str | bytes) -> None:
            for words in ('40{"sid": "b"}', REFUSED) if said == "40" else ():
                line.send(words)

        tries.append(line)
        line.on_message(answer)
        line.send('0{"sid": "a", "upgrades": [], "pingTimeout": 20000, "pingInterval": 20000, "maxPayload": 1000000}')

    page.route_web_socket("**/socket.io/**", show_out)
    page.reload()
    expect(page.locator("[data-connection-banner]")).to_contain_text("Reconnecting.", timeout=20_000)
    assert 0 < len(tries) < 5


def test_a_deactivated_colleague_is_out_within_seconds_and_an_admin_needs_no_script(opened: Open, town: Town) -> None:
    grace, dana = opened("grace"), opened("dana", "/admin/people/grace", java_script_enabled=False)
    dana.get_by_role("link", name="Deactivate").click()
    dana.get_by_role("button", name="Close the account and pass on").click()
    expect(grace.get_by_role("alert")).to_contain_text("You are signed out here.")
    status, _ = town.server.ask("GET", "/api/v1/events?since=0", token=town.tokens["grace"])
    assert status == 401
    dana.get_by_role("button", name="Reactivate").click()
    expect(dana.get_by_role("link", name="Deactivate")).to_be_visible()


def test_colours_are_chosen_kept_and_given_back_to_the_system(opened: Open) -> None:
    page = opened("bob", "/settings/appearance")
    page.get_by_role("radio", name="Dark").check()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    page.get_by_role("radio", name="As the system").check()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") is None
