"""Outgoing mail: queued with the change that causes it, sent by the worker, tried again until it is gone.

``COUTH_MAIL_URL`` is ``smtp://user:password@host:25`` (STARTTLS where the server offers it) or ``smtps://``; without
it every mail becomes a file in the data folder's ``mail``, for somebody who tries the product out.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from intranet.config import Settings
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime

SEND = "kernel.mail"
_TO_THE_LETTER = frozenset({"message-id", "references", "in-reply-to", "list-unsubscribe"})
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>:]+")
_PATIENCE = 30.0  # seconds for each step of talking to a mail server


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person. ``key`` names it for good, so that a repeated sending can be known as the same one;
    ``thread`` is the key that its conversation is filed under."""

    key: str
    to_name: str
    to: str
    subject: str
    text: str
    html: str
    thread: str = ""
    unsubscribe: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class _Letter(EmailPolicy):
    """What the standard library makes of headers for SMTP, but that programs act on some of them and look for what
    stands there: a long address is not taken apart and coded as if it were words. And a long subject keeps every
    blank: where the library's newer folding breaks between coded words it can lose one, its older one does not."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _TO_THE_LETTER:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            words = Header(str(value), "us-ascii" if str(value).isascii() else "utf-8", header_name=name)
            return f"{name}: {words.encode(linesep=self.linesep)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _TO_THE_LETTER or name.lower() == "subject":
            return self.fold(name, value).encode()
        return bytes(super().fold_binary(name, value))


def send_later(session: Session, mail: Mail) -> None:
    """Have it sent after this transaction."""
    jobs.later(session, SEND, asdict(mail))


def compose(settings: Settings, mail: Mail) -> EmailMessage:
    """The message: readable as plain text, and as HTML.

    Header values are taken apart by the standard library: a line break in a subject or name cannot begin a header.
    """
    host = _host(settings)
    message = EmailMessage(policy=_Letter(linesep="\r\n"))
    message["From"] = Address("Couth", addr_spec=settings.mail_from or f"couth@{host}")
    message["To"] = _address(_one_line(mail.to_name), mail.to)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail.key}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if mail.thread:
        message["References"] = message["In-Reply-To"] = f"<{mail.thread}@{host}>"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _address(name: str, to: str) -> Address:
    """With the domain as name servers know it; what stands before it is left to a server that takes such names."""
    local, _at, domain = to.rpartition("@")
    with suppress(UnicodeError):  # no domain at all: the server says so, and whoever looks after mails reads it
        domain = domain.encode("idna").decode()
    return Address(name, local, domain)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _host(settings: Settings) -> str:
    return urlsplit(settings.address).hostname or "localhost"


def deliver(settings: Settings, mail: Mail) -> None:
    """Hand it to the mail server, or to the folder.

    Raises:
        OSError, smtplib.SMTPException: the server did not take it.
    """
    message = compose(settings, mail)
    if settings.mail_url:
        _by_smtp(settings.mail_url, message)
    else:
        _into_folder(settings.data / "mail", mail.key, message)


def _by_smtp(address: str, message: EmailMessage) -> None:
    with opened(address) as server:
        server.send_message(message)


@contextmanager
def opened(address: str) -> Iterator[smtplib.SMTP]:
    """The mail server, greeted and signed in to.

    Raises:
        OSError, smtplib.SMTPException: it does not answer, or not to us.
    """
    parts, (host, port) = urlsplit(address), _door(address)
    is_sealed = parts.scheme == "smtps"
    server: smtplib.SMTP
    if is_sealed:
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=_PATIENCE)
    with server:
        if not is_sealed and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _door(address: str) -> tuple[str, int]:
    """The host and port of a mail server."""
    parts = urlsplit(address)
    return parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)


def _into_folder(folder: Path, key: str, message: EmailMessage) -> None:
    """Under its key, so that a repetition replaces it; never half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{key}"
    unfinished.write_bytes(bytes(message))
    unfinished.rename(folder / f"{key}.eml")


def _send(_database: Database, payload: dict[str, Any]) -> None:
    settings = runtime().settings
    try:
        deliver(settings, Mail(**payload))
    except OSError as error:  # what smtplib raises is one, too
        raise jobs.NotNow(f"{_place(settings)} did not take it: {_why(error)}") from error


def _place(settings: Settings) -> str:
    """Where mails go; without the name and password that the address may hold."""
    if not settings.mail_url:
        return "the folder for mails"
    return "the mail server {}:{}".format(*_door(settings.mail_url))


def _why(error: OSError) -> str:
    """In the words of whoever refused, without anybody's address: they go into the log."""
    answers = [(error.smtp_code, error.smtp_error)] if isinstance(error, smtplib.SMTPResponseException) else []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    said = ", ".join(f"{code} {_one_line(_text(words))}" for code, words in answers)
    return _ADDRESS.sub("…", said or error.strerror or str(error)) or type(error).__name__


def _text(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode(errors="replace")


@jobs.slow_job(SEND, _send)
def _sent(_session: Session, _payload: dict[str, Any], _found: None) -> None:
    """It is with the mail server: nothing is left to do. A crash before this line sends it again, under its key."""
