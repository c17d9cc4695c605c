"""Who stands behind a request: a signed-in browser's cookie, or a program's token."""

import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intranet.accounts.models import ApiToken, Person, SignIn, SiteSetting, Way
from intranet.kernel import clock
from intranet.kernel.prepared import Prepared
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Role, Viewer, system

KEPT = timedelta(days=14)
GUIDELINES_IN_FORCE = "guidelines-in-force"  # the site setting with their number
SHORT = timedelta(hours=12)
_BY_COMPANY = "by-company"
_SEEN_EVERY = timedelta(minutes=5)
# Read with the person, so that asking whether somebody has agreed costs no statement of its own.
_in_force = select(SiteSetting.value).where(SiteSetting.name == GUIDELINES_IN_FORCE).scalar_subquery()
# Every request and every socket call begins with one of these: they are made once, and read no more than is needed.
_WHO = (Person.id, Person.roles, Person.language, Person.agreed_to, _in_force.label("in_force"))
_BY_TOKEN = Prepared(
    select(*_WHO)
    .join(ApiToken, ApiToken.person_id == Person.id)
    .where(ApiToken.token_hash == bindparam("token_hash"), Person.deactivated_at.is_(None))
)
_BY_SIGN_IN = Prepared(
    select(*_WHO, SignIn.id.label("sign_in_id"), SignIn.seen_at)
    .join(SignIn, SignIn.person_id == Person.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.expires_at > bindparam("now"),
        Person.deactivated_at.is_(None),
    )
)
_BY_ID = Prepared(select(*_WHO).where(Person.id == bindparam("person_id")))
_reader = system(reason="accounts: find who is asking, before there is a viewer")


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login carries through a request; ``get_id`` is the random token of the browser's cookie."""

    def __init__(self, token: str, viewer: Viewer, sign_in_id: int, *, is_stale: bool) -> None:
        self.token, self.viewer, self.sign_in_id, self.is_stale = token, viewer, sign_in_id, is_stale

    def get_id(self) -> str:
        return self.token


def new_token() -> tuple[str, str]:
    """(the secret to hand out, the hash to keep)."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """SHA-256 of a random token; it has too much chance in it to be guessed, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def viewer_of_person(person: "Person | Row[Any]", in_force: int | None = None) -> Viewer:
    """The viewer that a person is, from the columns of ``_WHO``; ``in_force`` is the number of the guidelines that
    hold."""
    roles = frozenset({Role.MEMBER, *(Role(role) for role in person.roles)})
    return Viewer(person.id, roles, language=person.language, must_agree=(in_force or 0) > person.agreed_to)


def set_up(app: Flask) -> None:
    """Have Flask-Login load people by their session row, and the kernel ask it who is there."""
    manager = LoginManager()
    manager.session_protection = None  # addresses change on phones; the token itself is the proof
    manager.user_loader(_load)
    # No template asks it who is here: it would look again, for the page too that says why nobody could be found.
    manager.init_app(app, add_context_processor=False)
    # A session ends on the day that was said at sign-in, so that no answer has to carry its cookie anew: one that was
    # asked for earlier would put back what a later one has just changed, such as the word about what somebody did.
    app.config.update(PERMANENT_SESSION_LIFETIME=KEPT, SESSION_REFRESH_EACH_REQUEST=False)
    runtime(app).identify, runtime(app).viewer_of = identify, _of_id


def _of_id(session: Session, person_id: int) -> Viewer:
    person = _BY_ID.first(session, {"person_id": person_id})
    return viewer_of_person(person, person.in_force) if person else ANONYMOUS


def identify() -> Viewer:
    """The viewer of the current request or socket call. A token, where one is given, stands before the cookie."""
    token = _bearer()
    if token is not None:
        g.by_token = True
        return _by_token(token)
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return ANONYMOUS
    # Each socket call asks again, so that an ended session ends its sockets' calls too.
    g.pop("_login_user", None)
    user = current_user._get_current_object()  # noqa: SLF001 (Flask-Login's proxy has no other way in)
    if not isinstance(user, SignedIn):
        return ANONYMOUS
    if user.is_stale:
        _note_seen(user.sign_in_id)
    return user.viewer


def _note_seen(sign_in_id: int) -> None:
    """Move the session's last-seen mark; nobody misses it where the database is busy."""
    with suppress(OperationalError):
        runtime().database.transact(
            _reader,
            lambda session: session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=clock.now())),
            seconds=0,
            is_lasting=False,
        )


def _bearer() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token else None


def _by_token(token: str) -> Viewer:
    with runtime().database.reading(_reader) as session:
        found = _BY_TOKEN.first(session, {"token_hash": token_hash(token)})
        return viewer_of_person(found, found.in_force) if found else ANONYMOUS


def _load(token: str) -> SignedIn | None:
    with runtime().database.reading(_reader) as session:
        found = _BY_SIGN_IN.first(session, {"token_hash": token_hash(token), "now": clock.now()})
        if found is None:
            return None
        is_stale = clock.now() - found.seen_at > _SEEN_EVERY
        return SignedIn(token, viewer_of_person(found, found.in_force), found.sign_in_id, is_stale=is_stale)


def begin(
    session: Session, person: Person, *, keep: bool, way: Way = Way.PASSWORD, company_session: str | None = None
) -> SignIn:
    """Sign a person in, in this browser, under a fresh cookie: what an earlier visitor planted in it is gone."""
    token, hashed = new_token()
    row = SignIn(
        person_id=person.id,
        token_hash=hashed,
        expires_at=clock.now() + (KEPT if keep else SHORT),
        address=(request.remote_addr or "")[:60],
        browser=(request.user_agent.string or "")[:200],
        way=way,
        company_session=company_session,
    )
    session.add(row)
    session.flush()
    cookie.clear()
    cookie.permanent = keep
    if company_session is not None:
        cookie[_BY_COMPANY] = True
    login_user(SignedIn(token, viewer_of_person(person), row.id, is_stale=False))
    return row


def forget() -> None:
    """Take the session out of this browser's cookie."""
    logout_user()
    cookie.clear()


def came_from_company() -> bool:
    """Whether whoever is signed in here came by the company's sign-in, where they may still be signed in."""
    return _BY_COMPANY in cookie


def is_kept() -> bool:
    """Whether whoever is signed in here asked to stay so, as on a device of their own."""
    return bool(cookie.permanent)


def current_sign_in() -> int | None:
    """The id of this browser's session row; None for a program."""
    user = current_user._get_current_object()  # noqa: SLF001 (as above)
    return user.sign_in_id if isinstance(user, SignedIn) else None
