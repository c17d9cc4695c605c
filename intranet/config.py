"""Every setting: its name, type, default and meaning. Wrong values stop the start with one clear line."""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """One line for the person who starts the product."""


# What people may be given beside being a member; ``kernel.viewer.Role`` says what they are.
ROLES = ("steward", "moderator", "communicator", "admin")
_SWITCH = {"on": True, "1": True, "yes": True, "true": True, "off": False, "0": False, "no": False, "false": False}


def _setting(meaning: str, default: Any, *, is_secret: bool = False) -> Any:
    return field(default=default, metadata={"meaning": meaning, "is_secret": is_secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is read from ``COUTH_`` + its name in capitals."""

    data: Path = _setting("the only folder that the application writes", ROOT / "instance")
    host: str = _setting("the address to listen on", "127.0.0.1")
    port: int = _setting("the port to listen on", 8000)
    database_url: str = _setting("SQLAlchemy address of the database; default: SQLite in the data folder", "")
    redis_url: str = _setting("Redis for several web processes; default: none", "")
    async_mode: str = _setting("eventlet, gevent or threading", "eventlet")
    secret_key: str = _setting("signs cookies; default: made once and kept in the data folder", "", is_secret=True)
    base_url: str = _setting("the address people type, for links and Secure cookies", "")
    mail_url: str = _setting("smtp(s)://… for outgoing mail; default: a folder of .eml files", "")
    mail_from: str = _setting("the address that mail comes from; default: couth@ and the host of the base URL", "")
    log: str = _setting("json, plain, or auto: plain lines on a terminal and JSON everywhere else", "auto")
    bundle: bool = _setting("on, or off to serve styles and scripts one by one as they are in the checkout", True)
    trusted_proxies: int = _setting("how many proxies stand in front and set X-Forwarded headers", 0)

    link_cards: bool = _setting("on or off: whether the worker fetches linked pages to show them as cards", True)
    link_ports: str = _setting("the ports from which linked pages are fetched", "80,443")
    link_networks: str = _setting(
        "private networks from which linked pages are fetched all the same, 10.20.0.0/16 say", ""
    )

    push_key: str = _setting("signs web pushes; default: made once and kept in the data folder", "", is_secret=True)
    push_networks: str = _setting("private networks in which web push services of your own stand, 10.20.0.0/16 say", "")

    passwords: bool = _setting("on, or off where everybody signs in with the company's sign-in alone", True)
    oidc_issuer: str = _setting("your company's sign-in (OpenID Connect), https://login.example.com say", "")
    oidc_client_id: str = _setting("the name under which the company's sign-in knows Couth", "")
    oidc_client_secret: str = _setting("what Couth proves itself with to the company's sign-in", "", is_secret=True)
    oidc_label: str = _setting("what the button for it says; default: Continue with your … account", "")
    oidc_scopes: str = _setting("what is asked for, blanks between", "openid profile email")
    oidc_accounts: bool = _setting("on or off: whether a first sign-in makes an account", True)
    oidc_domains: str = _setting("whose confirmed addresses are let in, example.com say; default: everybody", "")
    oidc_links: bool = _setting("on or off: whether a confirmed address leads into the account that has it", False)
    oidc_trusts_email: bool = _setting("on where every address counts as confirmed, though it is not said", False)
    oidc_roles_claim: str = _setting("the claim that holds groups or roles, groups say; default: none", "")
    oidc_roles: str = _setting("its values and our roles: couth-admins=admin, works-council=moderator", "")
    oidc_keep: bool = _setting("on: such a sign-in lasts 14 days; off: 12 hours", False)

    @property
    def sends_mail(self) -> bool:
        """Whether mail reaches people; without a mail server each one becomes a file."""
        return bool(self.mail_url)

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def address(self) -> str:
        """Where a browser finds the product, without a trailing slash."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'couth.db'}"

    @property
    def index_folder(self) -> Path:
        return self.data / "index"

    @property
    def files_folder(self) -> Path:
        return self.data / "files"


def meanings() -> list[tuple[str, str, str]]:
    """(environment name, default, meaning) of every setting."""
    return [(f"COUTH_{f.name.upper()}", str(f.default), f.metadata["meaning"]) for f in fields(Settings)]


def shown(settings: Settings, name: str) -> str:
    """A setting's value as it may be read on a screen: without what opens something."""
    entry = next(entry for entry in fields(Settings) if f"COUTH_{entry.name.upper()}" == name)
    value = str(getattr(settings, entry.name))
    if entry.metadata["is_secret"]:
        return "(set)" if value else ""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:…@", value)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, with ``.env`` in the current folder beneath it.

    Raises:
        BadSetting: a value cannot be used; the message names the setting and the remedy.
    """
    given = {**_dotenv(Path(".env")), **(os.environ if environment is None else environment)}
    values: dict[str, Any] = {}
    for entry in fields(Settings):
        raw = given.get(f"COUTH_{entry.name.upper()}", "").strip()
        if raw:
            values[entry.name] = _convert(entry.name, raw, entry.default)
    settings = Settings(**values)
    _check(settings)
    return settings


def _convert(name: str, raw: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(raw).expanduser().resolve()
    if isinstance(default, bool):
        if raw.lower() not in _SWITCH:
            raise BadSetting(f"COUTH_{name.upper()} must be on or off, not {raw!r}")
        return _SWITCH[raw.lower()]
    if isinstance(default, int):
        if not raw.isascii() or not raw.isdigit():
            raise BadSetting(f"COUTH_{name.upper()} must be a whole number, not {raw!r}")
        return int(raw)
    return raw


def _check(settings: Settings) -> None:
    if not 0 < settings.port < 65536:
        raise BadSetting(f"COUTH_PORT must be between 1 and 65535, not {settings.port}")
    if settings.async_mode not in {"eventlet", "gevent", "threading"}:
        raise BadSetting(f"COUTH_ASYNC_MODE must be eventlet, gevent or threading, not {settings.async_mode!r}")
    if settings.log not in {"auto", "json", "plain"}:
        raise BadSetting(f"COUTH_LOG must be auto, json or plain, not {settings.log!r}")
    if settings.base_url and urlsplit(settings.base_url).scheme not in {"http", "https"}:
        raise BadSetting("COUTH_BASE_URL must begin with http:// or https://")
    _check_ports(settings)
    _check_networks("COUTH_LINK_NETWORKS", settings.link_networks)
    _check_networks("COUTH_PUSH_NETWORKS", settings.push_networks)
    _check_company(settings)
    if not (_is_loopback(settings.host) or settings.base_url or settings.trusted_proxies):
        raise BadSetting(
            f"COUTH_HOST {settings.host} is reachable from other machines: "
            "set COUTH_BASE_URL=https://… or COUTH_TRUSTED_PROXIES first"
        )


def _check_ports(settings: Settings) -> None:
    for port in settings.link_ports.replace(",", " ").split():
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise BadSetting(f"COUTH_LINK_PORTS must be ports with commas between them, not {port!r}")


def _check_company(settings: Settings) -> None:
    """The company's sign-in."""
    if not settings.oidc_issuer:
        if not settings.passwords:
            raise BadSetting("COUTH_PASSWORDS=off needs COUTH_OIDC_ISSUER: nobody could sign in")
        return
    if not is_sealed(settings.oidc_issuer):
        raise BadSetting("COUTH_OIDC_ISSUER must begin with https://")
    if not settings.oidc_client_id:
        raise BadSetting("COUTH_OIDC_ISSUER needs COUTH_OIDC_CLIENT_ID too")
    if settings.trusted_proxies and not settings.base_url:
        raise BadSetting("COUTH_OIDC_ISSUER needs COUTH_BASE_URL, the address to which people come back")
    if "openid" not in settings.oidc_scopes.split():
        raise BadSetting("COUTH_OIDC_SCOPES must name openid")
    for pair in settings.oidc_roles.replace(",", " ").split():
        value, _, role = pair.rpartition("=")
        if not value or role not in ROLES:
            raise BadSetting(f"COUTH_OIDC_ROLES must be value=role with role one of {', '.join(ROLES)}, not {pair!r}")
    if settings.oidc_roles and not settings.oidc_roles_claim:
        raise BadSetting("COUTH_OIDC_ROLES needs COUTH_OIDC_ROLES_CLAIM, the claim that holds its values")


def is_sealed(url: str) -> bool:
    """Whether nobody on the way reads along: https, or this machine itself."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    )


def _check_networks(name: str, given: str) -> None:
    for network in given.replace(",", " ").split():
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise BadSetting(f"{name} must be networks such as 10.20.0.0/16, not {network!r}") from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[:1] != "#")
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def secret_key(settings: Settings) -> str:
    """The configured key, or one made at the first start and kept readable by the owner alone."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()
