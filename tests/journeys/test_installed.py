"""Couth as an installed application: the last feed without a line, pushes through the service worker, and nothing of
one person left for the next."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.faults.running import eventually
from tests.journeys.conftest import Open, Town
from tests.journeys.silent import between

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def kept(page: Page) -> list[str]:
    """The addresses of what is kept of a person."""
    return list(
        page.evaluate(
            """async () => (await caches.has("couth-feed"))
                 ? (await (await caches.open("couth-feed")).keys()).map((request) => new URL(request.url).pathname)
                 : []"""
        )
    )


def shown(page: Page) -> list[str]:
    """The notifications that stand on the screen, as a page of Couth finds them."""
    page.goto("/settings/appearance")
    return list(
        page.evaluate(
            """async () => {
                 const worker = await navigator.serviceWorker.ready;
                 return (await worker.getNotifications()).map((one) => one.body);
               }"""
        )
    )


def controlled(page: Page) -> None:
    """From the next navigation on the service worker stands before every page."""
    page.wait_for_function("navigator.serviceWorker.ready.then((found) => found.active?.state === 'activated')")


def test_it_installs_and_opens_offline_with_the_last_feed(opened: Open, town: Town) -> None:
    town.post("alice", "The heron watches the weir")
    page = opened("alice", "/")
    controlled(page)
    page.goto("/people")
    page.goto("/")
    expect(page.get_by_text("The heron watches the weir")).to_be_visible()
    assert eventually(lambda: kept(page) == ["/"]), kept(page)

    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_text("The heron watches the weir")).to_be_visible()
    expect(page.locator("[data-connection-banner]")).to_contain_text("Offline.")
    page.goto("/people")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible(timeout=15_000)

    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    assert kept(page) == []
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()


def test_a_page_without_its_server_opens_when_it_answers_again(opened: Open, town: Town) -> None:
    with between(town.server.port) as line:
        page = opened("alice", "/", base_url=line.address)
        controlled(page)
        page.goto("/")
        line.cut()  # the browser has a network all the while, and will not say when the server is back
        page.goto("/people")
        expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
        line.is_cut = False
        expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible(timeout=15_000)


def test_its_manifest_makes_it_installable(opened: Open) -> None:
    page = opened("alice", "/settings/appearance")
    controlled(page)
    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = json.loads(page.request.get(str(address)).text())
    assert (manifest["id"], manifest["start_url"], manifest["scope"]) == ("/", "/", "/")
    devtools = page.context.new_cdp_session(page)
    assert devtools.send("Page.getAppManifest")["errors"] == []
    problems = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in problems if one["errorId"] != "in-incognito"] == []


def test_a_push_becomes_one_notification_where_nobody_looks(opened: Open) -> None:
    page = opened("alice", "/settings/appearance")
    page.context.grant_permissions(["notifications"])
    controlled(page)
    devtools = page.context.new_cdp_session(page)
    registered: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda found: registered.extend(one["registrationId"] for one in found["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    assert eventually(lambda: bool(page.title() and registered))
    origin = page.evaluate("location.origin")

    def push(key: str, body: str, tag: str = "reply:1") -> None:
        message = json.dumps({"key": key, "title": "Couth", "body": body, "url": "/notifications", "tag": tag})
        devtools.send(
            "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registered[-1], "data": message}
        )
        page.wait_for_timeout(1_000)  # nothing tells when the worker is done with it

    push("1", "seen in the window")
    assert shown(page) == []
    push("0", "This device is told what needs you.", tag="try")
    assert shown(page) == ["This device is told what needs you."], "whoever tries it is looking"
    page.evaluate(
        "navigator.serviceWorker.ready.then(it => it.getNotifications()).then(all => all.forEach(one => one.close()))"
    )
    page.goto("about:blank")
    push("1", "Bob mentioned you")
    push("1", "Bob mentioned you")
    assert shown(page) == ["Bob mentioned you"]
    page.goto("about:blank")
    push("2", "Bob and Carol replied")
    assert shown(page) == ["Bob and Carol replied"]
