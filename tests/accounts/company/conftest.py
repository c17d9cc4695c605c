"""A company with a sign-in of its own: a real provider in a process of its own, and browsers that go there and back."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from intranet.config import ROOT, Settings
from script.bootstrap.provider import PROVIDER, install_provider
from script.bootstrap.turn import one_at_a_time
from tests.accounts.company.staging import Stage
from tests.faults.running import free_ports

HERE = "http://couth.example.org"
PASSWORD = "harbour lights at nine"


@dataclass(frozen=True, slots=True)
class Company:
    """The provider. Its people are in ``serving.py``."""

    issuer: str
    process: subprocess.Popen[str]

    def tell(self, **asked: Any) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def prove(self, address: str, username: str) -> str:
        """Sign in there with name and password, as a browser would; the address that it sends the browser back to."""
        with requests.Session() as browser:
            answer = browser.get(address, allow_redirects=False, timeout=10)
            for _step in range(12):
                location = answer.headers.get("Location")
                if location and urljoin(answer.url, location).startswith(HERE):
                    return urljoin(answer.url, location)
                if location:
                    answer = browser.get(urljoin(answer.url, location), allow_redirects=False, timeout=10)
                else:
                    answer = _fill_in(browser, answer, username)
        raise AssertionError(f"{answer.url} leads nowhere: {answer.text[:3000]}")


def _fill_in(browser: requests.Session, answer: requests.Response, username: str) -> requests.Response:
    """Answer the provider's form."""
    fields = dict.fromkeys(re.findall(r'<input[^>]*\bname="([^"]+)"', answer.text), "")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert token is not None, answer.text[:3000]
    fields |= {"csrf_token": unescape(token[1])}
    fields |= {name: value for name, value in (("login", username), ("password", PASSWORD)) if name in fields}
    action = re.search(r'<form[^>]*\baction="([^"]+)"', answer.text)
    address = urljoin(answer.url, unescape(action[1])) if action else answer.url
    return browser.post(address, data=fields, allow_redirects=False, timeout=10)


@contextmanager
def running_company(redirect_uri: str, folder: Path) -> Iterator[Company]:
    with one_at_a_time():
        install_provider()
    port = free_ports(1)
    process = subprocess.Popen(
        # Without our packages (-S): it takes what it finds for a wish.
        [sys.executable, "-S", str(Path(__file__).with_name("serving.py")), str(port), redirect_uri, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(PROVIDER)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Company(f"http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with running_company(f"{HERE}/sign-in/company/back", tmp_path_factory.mktemp("company")) as found:
        yield found


@pytest.fixture
def settings(settings: Settings, company: Company) -> Settings:
    """Those of a place with this company's sign-in."""
    given = {name: getattr(settings, name) for name in ("data", "database_url", "async_mode", "secret_key", "bundle")}
    return Settings(
        **given,
        base_url=HERE,
        oidc_issuer=company.issuer,
        oidc_client_id="couth",
        oidc_client_secret="a secret of two machines",
        oidc_scopes="openid profile email groups",
        oidc_roles_claim="groups",
        oidc_roles="keepers=admin hosts=moderator",
    )


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody's browser, at our end of the way."""

    client: FlaskClient
    company: Company

    def leave(self, query: str = "") -> str:
        """The address at the company to which we send it."""
        answer = self.client.get(f"/sign-in/company{query}")
        assert answer.status_code == 302, answer.text
        assert answer.location.startswith(self.company.issuer), answer.location
        return answer.location

    def arrive(self, address: str) -> TestResponse:
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def come_in(self, username: str, query: str = "") -> TestResponse:
        return self.arrive(self.company.prove(self.leave(query), username))

    @property
    def is_in(self) -> bool:
        return self.client.get("/settings/security").status_code == 200


@pytest.fixture
def browser(app: Flask, company: Company) -> Callable[[], Browser]:
    """A new one, as often as it is called; forms need no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return lambda: Browser(app.test_client(), company)


@pytest.fixture
def stage() -> Iterator[Stage]:
    found = Stage()
    yield found
    found.server.shutdown()
    found.server.server_close()
