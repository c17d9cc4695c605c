"""The gate: signing in and out, and the one-time links that lead inside."""

from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import actions, events, forgotten, guessing, links, passwords, queries, sessions
from intranet.accounts.entering import enter
from intranet.accounts.forms import ForgottenForm, JoinForm, NewPasswordForm, SignInForm
from intranet.accounts.models import LinkPurpose, Person
from intranet.accounts.passkeys.party import party
from intranet.kernel.errors import Invalid, NotFound, TooFast
from intranet.kernel.outbox import record
from intranet.kernel.page import render
from intranet.kernel.policy import ANYONE
from intranet.kernel.ratelimit import limit
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer, system
from intranet.kernel.web import Feature, own_path

feature = Feature("accounts")

_HOUR = timedelta(hours=1)
_outsider = system(reason="accounts: nobody is signed in while they prove who they are")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of checking a sign-in before its transaction; ``problems`` are sentences by field."""

    person_id: int | None
    keep: bool
    onward: str
    problems: dict[str, str]


@feature.get("/sign-in", allow=ANYONE)
def sign_in(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The door; whoever is inside goes straight on."""
    onward = own_path(request.args.get("next", ""))
    if viewer.is_member:
        return redirect(onward)
    return door(session, login="", onward=onward, problems={})


def _check_sign_in(_viewer: Viewer) -> Attempt:
    onward = own_path(request.form.get("next", ""))
    if not runtime().settings.passwords:
        return Attempt(None, False, onward, {"company": _("Passwords are not used here.")})
    try:
        form = SignInForm.parse(request.form)
        with runtime().database.reading(_outsider) as session:
            person_id, password_hash = queries.credential_for_sign_in(session, form.login)
        guessing.count_try(form.login, person_id)
    except Invalid as error:
        return Attempt(None, False, onward, error.fields)
    except TooFast as error:
        minutes = max(1, error.retry_after // 60)
        return Attempt(
            None, False, onward, {"password": _("Too many tries. Wait %(n)s min, then try again.", n=minutes)}
        )
    if not passwords.is_right(password_hash, form.password) or person_id is None:
        _note_refusal(person_id)
        return Attempt(None, False, onward, {"password": _("Username or password is not right.")})
    guessing.forgive(form.login, person_id)
    return Attempt(person_id, form.keep, onward, {})


def _note_refusal(person_id: int | None) -> None:
    """On record for known and unknown names alike, so that both take as long; what was typed is not kept."""
    happened = events.SignInRefused(person_id, (request.remote_addr or "")[:60])
    runtime().database.transact(_outsider, lambda session: record(session, happened))


@feature.route("/sign-in", methods=("POST",), allow=ANYONE, prepare=_check_sign_in, endpoint="open_session")
def open_session(session: Session, _viewer: Viewer, *, prepared: Attempt) -> ResponseReturnValue:
    person = session.get(Person, prepared.person_id) if prepared.person_id else None
    if person is None or person.deactivated_at is not None:
        return door(
            session, login=request.form.get("login", ""), onward=prepared.onward, problems=prepared.problems
        ), 422
    return enter(session, person, keep=prepared.keep, onward=prepared.onward)


def door(session: Session, *, login: str, onward: str, problems: dict[str, str]) -> str:
    """The page; a problem on ``company`` is about the company's sign-in, one on ``passkey`` about that."""
    people = queries.member_count(session)
    ways = runtime().settings
    return render(
        "accounts/sign_in.html",
        login=login,
        onward=onward,
        errors=problems,
        people=people,
        ways=ways,
        mails_resets=forgotten.is_offered(ways),
        party=party(ways),
    )


@feature.post("/sign-out", allow=ANYONE)
def sign_out(session: Session, viewer: Viewer) -> ResponseReturnValue:
    current = sessions.current_sign_in()
    if viewer.is_member and current is not None:
        actions.end_session(session, viewer, current)
    after = "/sign-in?left=company" if sessions.came_from_company() else "/sign-in"
    sessions.forget()
    return redirect(after)


def _hash_joining(_viewer: Viewer) -> tuple[JoinForm | None, str, dict[str, str]]:
    given = request.form
    problems: dict[str, str] = {}
    try:
        form = JoinForm.parse(given)
    except Invalid as error:
        form, problems = None, error.fields
    if "password" not in problems:
        try:
            personal = (given.get("username", ""), *given.get("name", "").split())
            passwords.check_new(given.get("password", ""), personal=personal)
        except Invalid as error:
            problems |= error.fields
    if form is None or problems:
        return None, "", problems
    limit(runtime().database, f"join:{request.remote_addr}", most=30, per=_HOUR)
    return form, passwords.hash_password(form.password), {}


Joining = tuple[JoinForm | None, str, dict[str, str]]


@feature.get("/welcome/<token>", allow=ANYONE)
def welcome(session: Session, _viewer: Viewer, token: str) -> ResponseReturnValue:
    """The first admin's page."""
    links.find(session, LinkPurpose.FIRST_ADMIN, token)
    return render("accounts/join.html", given={}, errors={}, is_first=True)


@feature.route("/welcome/<token>", methods=("POST",), allow=ANYONE, prepare=_hash_joining, endpoint="found")
def found(session: Session, _viewer: Viewer, token: str, *, prepared: Joining) -> ResponseReturnValue:
    return _join(session, LinkPurpose.FIRST_ADMIN, token, prepared)


@feature.get("/invitation/<token>", allow=ANYONE)
def invitation(session: Session, _viewer: Viewer, token: str) -> ResponseReturnValue:
    """An invited colleague's page."""
    link = links.find(session, LinkPurpose.INVITATION, token)
    return render("accounts/join.html", given={"email": link.email or ""}, errors={}, is_first=False)


@feature.route("/invitation/<token>", methods=("POST",), allow=ANYONE, prepare=_hash_joining, endpoint="accept")
def accept(session: Session, _viewer: Viewer, token: str, *, prepared: Joining) -> ResponseReturnValue:
    return _join(session, LinkPurpose.INVITATION, token, prepared)


def _join(session: Session, purpose: LinkPurpose, token: str, prepared: Joining) -> ResponseReturnValue:
    link = links.find(session, purpose, token)
    form, password_hash, problems = prepared
    try:
        if form is None:
            raise Invalid(problems)
        person = actions.open_account(
            session,
            _outsider,
            username=form.username,
            name=form.name,
            email=link.email or form.email or None,
            roles=tuple(Role(role) for role in link.roles),
            password_hash=password_hash,
        )
    except Invalid as error:
        is_first = purpose is LinkPurpose.FIRST_ADMIN
        return render("accounts/join.html", given=request.form, errors=error.fields, is_first=is_first), 422
    links.use(session, link, person.id)
    return enter(session, person, keep=True, onward="/start")


def _count_forgetting(_viewer: Viewer) -> tuple[str, dict[str, str]]:
    limit(runtime().database, f"forgotten:{guessing.place_of(request.remote_addr or '')}", most=20, per=_HOUR)
    if not forgotten.is_offered(runtime().settings):
        raise NotFound
    try:
        return ForgottenForm.parse(request.form).login, {}
    except Invalid as error:
        return "", error.fields


@feature.get("/forgotten", allow=ANYONE)
def forgot(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Where whoever forgot their password says who they are."""
    is_offered = forgotten.is_offered(runtime().settings)
    return render("accounts/forgotten.html", login="", errors={}, is_offered=is_offered, is_asked=False)


@feature.route("/forgotten", methods=("POST",), allow=ANYONE, prepare=_count_forgetting, endpoint="mail_reset")
def mail_reset(session: Session, _viewer: Viewer, *, prepared: tuple[str, dict[str, str]]) -> ResponseReturnValue:
    """The same answer for everybody, whether or not anybody signs in with that."""
    login, problems = prepared
    if problems:
        typed = request.form.get("login", "")
        return render("accounts/forgotten.html", login=typed, errors=problems, is_offered=True, is_asked=False), 422
    forgotten.ask(session, login, where=(request.remote_addr or "")[:60])
    return render("accounts/forgotten.html", login=login, errors={}, is_offered=True, is_asked=True)


def _hash_reset(_viewer: Viewer) -> tuple[str, dict[str, str]]:
    try:
        password = NewPasswordForm.parse(request.form).password
        passwords.check_new(password)
    except Invalid as error:
        return "", error.fields
    limit(runtime().database, f"reset:{request.remote_addr}", most=30, per=_HOUR)
    return passwords.hash_password(password), {}


@feature.get("/reset/<token>", allow=ANYONE)
def reset(session: Session, _viewer: Viewer, token: str) -> ResponseReturnValue:
    """Where a one-time link, from an admin or by mail, leads whoever forgot their password."""
    links.find(session, LinkPurpose.RESET, token)
    return render("accounts/reset.html", errors={})


@feature.route("/reset/<token>", methods=("POST",), allow=ANYONE, prepare=_hash_reset, endpoint="set_new_password")
def set_new_password(
    session: Session, _viewer: Viewer, token: str, *, prepared: tuple[str, dict[str, str]]
) -> ResponseReturnValue:
    link = links.find(session, LinkPurpose.RESET, token)
    password_hash, problems = prepared
    if problems or link.person_id is None:
        return render("accounts/reset.html", errors=problems), 422
    links.use(session, link, link.person_id)
    actions.set_password(session, _outsider, link.person_id, password_hash, spare=None)
    flash(_("Your new password is set. Sign in with it."))
    return redirect("/sign-in")
