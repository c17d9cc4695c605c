"""The servers that Couth stands on: PostgreSQL, Redis, mail, the company's sign-in. Each is spoken to."""

import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

from intranet.accounts.oidc.believing import Unanswered, Untrusted
from intranet.config import Settings
from intranet.kernel import clock, mail
from intranet.kernel.db import Database
from intranet.kernel.runtime import Runtime
from intranet.operations.copying import PROGRAMS
from intranet.operations.doctor.finding import Finding
from intranet.operations.reaching import Unusable, reach

SKEW = 5.0  # seconds: sessions, limits and the order of posts bear as much
OLDEST_REDIS = 5
_PATIENCE = 5.0


def look(parts: Runtime) -> Iterator[Finding]:
    if not parts.database.is_sqlite:
        yield from _postgresql(parts.database)
    if parts.settings.redis_url:
        yield _redis(parts.settings.redis_url)
    yield _mail(parts.settings)
    if parts.settings.oidc_issuer:
        yield _company(parts.settings)


def compare_clocks(subject: str, there: datetime, *, exact_to: float = 0.0) -> Finding:
    """Whether another machine has the same time; ``exact_to`` is what its answer leaves open, in seconds."""
    ahead = (clock.now() - there).total_seconds()
    word = "ahead of" if ahead > 0 else "behind"
    state = f"{abs(ahead):.0f} s {word} it" if abs(ahead) > SKEW + exact_to else "the same time here and there"
    remedy = "keep both machines' clocks with NTP (systemctl enable --now systemd-timesyncd, or chrony)"
    return Finding(subject, state, remedy if abs(ahead) > SKEW + exact_to else "")


def _postgresql(database: Database) -> Iterator[Finding]:
    try:
        reached = reach(database)
    except Unusable as error:
        yield Finding("PostgreSQL", f"{error.place} {error.state}", error.remedy)
        return
    yield Finding("PostgreSQL", f"{reached.version} answers")
    yield _programs(reached.version)
    yield compare_clocks("clock of PostgreSQL", reached.at)


def _programs(server: str) -> Finding:
    """Without them no backup can be made, nor the copy that an update wants first; they read no newer server."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    remedy = f"install PostgreSQL's client programs, as new as the server (postgresql-client-{_major(server)})"
    if missing:
        return Finding("copies of PostgreSQL", f"{', '.join(missing)} missing", remedy)
    command = [PROGRAMS[0], "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 (our own list)
    shown = said.strip().rpartition("(PostgreSQL) ")[2]
    is_old = _major(shown) < _major(server)
    return Finding("copies of PostgreSQL", f"made by {PROGRAMS[0]} {shown}", remedy if is_old else "")


def _major(version: str) -> int:
    """The first number of "16.4 (Debian 16.4-1)"; 0 where there is none."""
    found = re.match(r"\d+", version)
    return int(found.group()) if found else 0


def _redis(url: str) -> Finding:
    import redis  # noqa: PLC0415 (6 MB, where it is set)

    place = url.rsplit("@", 1)[-1]  # without the password
    try:
        with redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as client:
            shown = str(client.info("server")["redis_version"])
    except (redis.RedisError, ValueError) as error:
        return Finding("Redis", f"{place} does not answer ({error})", "start it, or correct COUTH_REDIS_URL")
    is_old = int(shown.split(".", maxsplit=1)[0]) < OLDEST_REDIS
    return Finding("Redis", f"{shown} answers", f"bring it up to Redis {OLDEST_REDIS} or newer" if is_old else "")


def _company(settings: Settings) -> Finding:
    """Asks the company's sign-in who it is, and for the keys that it signs with."""
    from intranet.accounts.oidc.provider import Provider  # noqa: PLC0415 (4 MB, where a company has such a sign-in)

    place = urlsplit(settings.oidc_issuer).netloc
    try:
        keys = Provider.of(settings).key_count()
    except (Unanswered, Untrusted) as error:
        return Finding(
            "company sign-in",
            f"{place}: {error}",
            "see that COUTH_OIDC_ISSUER is right and that this machine may reach it",
        )
    if not keys:
        return Finding("company sign-in", f"{place} has no key that can be used", "have it sign with RS256 or ES256")
    back, logout = (f"{settings.address}/sign-in/company/{end}" for end in ("back", "logout"))
    told = f"{place} answers; {back} must be among its redirect addresses, and {logout} its back-channel logout address"
    return Finding("company sign-in", told)


def _mail(settings: Settings) -> Finding:
    """Greets the mail server and signs in; only --mail-to sends anything."""
    if not settings.mail_url:
        return Finding("mail", f"goes into {settings.data / 'mail'}, as no COUTH_MAIL_URL is set")
    place = urlsplit(settings.mail_url).hostname
    try:
        with mail.opened(settings.mail_url) as server:
            server.noop()
    except (OSError, SMTPException, ssl.SSLError, ValueError) as error:
        return Finding(
            "mail", f"{place}: {error}", "see that COUTH_MAIL_URL is right and that this machine may reach it"
        )
    return Finding("mail", f"{place} answers; doctor --mail-to ADDRESS sends something")
