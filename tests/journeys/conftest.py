"""Two real browsers before the real web and worker processes."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.faults.running import Server, running_server

Open = Callable[..., Page]
PEOPLE = {"alice": "member", "bob": "member", "carol": "member", "dana": "admin"}


@dataclass(frozen=True, slots=True)
class Town:
    """A running product with a few colleagues in it: passwords and tokens by username."""

    server: Server
    passwords: dict[str, str]
    tokens: dict[str, str]
    known: dict[str, Any] = field(default_factory=dict)  # what tells that somebody's browser is the one they always use

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def post(self, who: str, text: str, **more: Any) -> str:
        """Post as a program of that person would; returns the id."""
        status, answer = self.server.ask("POST", "/api/v1/posts", token=self.tokens[who], body={"text": text, **more})
        assert status == 201, answer
        return str(answer["id"])


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_server(tmp_path_factory.mktemp("town") / "data") as server:
        yield founded(server)


def founded(server: Server) -> Town:
    """A town with its few colleagues on a server that has nobody yet."""
    passwords = {}
    for name, role in PEOPLE.items():
        said = server.command("people", "add", name, "--name", f"{name.capitalize()} Example", "--role", role)
        passwords[name] = said.split()[-1]
    tokens = {name: server.command("token", name).splitlines()[-1] for name in PEOPLE}
    return Town(server, passwords, tokens)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("COUTH_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield found
        found.close()


@pytest.fixture
def opened(town: Town, browser: Browser) -> Iterator[Open]:
    """``opened("bob", "/?view=everyone")``: a browser of its own in which somebody is signed in, at a page."""
    contexts: list[BrowserContext] = []

    def open_page(who: str, path: str = "/?view=everyone", **options: Any) -> Page:
        context = browser.new_context(**{"base_url": town.address, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        if who in town.known:
            context.add_cookies([town.known[who]])
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", town.passwords[who])
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        town.known[who] = {one["name"]: one for one in context.cookies(f"{town.address}/sign-in")}["couth-known"]
        page.goto(path)
        if options.get("java_script_enabled", True):
            page.wait_for_selector('.frame[data-connection="live"]')
        return page

    yield open_page
    for context in contexts:
        context.close()
