"""The way to the company's sign-in and back, and what it is tied to in one's own settings."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.accounts import events, guessing, sessions
from intranet.accounts.entering import enter
from intranet.accounts.models import Way
from intranet.accounts.oidc import actions, attempts
from intranet.accounts.oidc.actions import Reason, TurnedAway
from intranet.accounts.oidc.attempts import Attempt
from intranet.accounts.oidc.believing import Unanswered, Untrusted
from intranet.accounts.oidc.claims import Rules, Told, read
from intranet.accounts.settings import check_own_password, security_page
from intranet.accounts.views import door, feature
from intranet.config import Settings
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import ANYONE, MEMBER
from intranet.kernel.ratelimit import give_back, limit
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer, system
from intranet.kernel.web import own_path

if TYPE_CHECKING:
    from intranet.accounts.oidc.provider import Provider

log = logging.getLogger(__name__)

_BACK = f"{attempts.PATH}/back"
_SETTINGS = "/settings/security"
_MOST_STARTS, _MOST_RETURNS = 600, 100
_OUTSIDE = {
    Reason.CLOSED: lazy_gettext("Your account here is closed. Whoever runs Couth here can open it again."),
    Reason.DOMAIN: lazy_gettext("Your address is not one of those that are let in here."),
    Reason.UNKNOWN: lazy_gettext("You have no account here yet. Ask whoever runs Couth here for an invitation."),
    Reason.TAKEN: lazy_gettext(
        "Somebody here has your address already. If it is you, sign in as before, then connect your company’s sign-in "
        "in your settings under Security."
    ),
}
_outsider = system(reason="accounts: nobody is signed in while the company's sign-in says who they are")


@dataclass(frozen=True, slots=True)
class Step:
    """Where it goes on: at ``onward`` or with the ``answer``, or in words on the page that it began at."""

    onward: str = ""
    answer: Response | None = None
    problem: str = ""
    status: int = 403
    attempt: Attempt | None = None


def _settings() -> Settings:
    found = runtime().settings
    if not found.oidc_issuer:
        raise NotFound
    return found


def provider() -> "Provider":
    """The company's sign-in: one for the life of the process, so that addresses and keys are asked for once an hour."""
    from intranet.accounts.oidc.provider import Provider  # noqa: PLC0415 (4 MB, where a company has such a sign-in)

    wanted, parts = Provider.of(_settings()), runtime().parts
    if parts.get("company sign-in") != wanted:
        parts["company sign-in"] = wanted
    kept: Provider = parts["company sign-in"]
    return kept


def place() -> str:
    """Where a request comes from, to count by."""
    return guessing.place_of(request.remote_addr or "")


def _redirect_uri() -> str:
    return _settings().address + _BACK


def _set_out(viewer: Viewer) -> Step:
    settings = _settings()
    limit(runtime().database, f"company-start:{place()}", most=_MOST_STARTS, per=guessing.WINDOW)
    permit = request.args.get("permit", "")
    if permit and not (
        viewer.is_member and attempts.is_permitted(permit, viewer.member_id, sessions.current_sign_in())
    ):
        return Step(problem=_("That took too long. Begin again."))
    if viewer.is_member and not permit:
        return Step(onward=own_path(request.args.get("next", "")))
    attempt = Attempt.begin(own_path(request.args.get("next", "")), viewer.id if permit else None)
    kept = {"state": attempt.state, "nonce": attempt.nonce, "verifier": attempt.verifier}
    try:
        way = run_blocking(provider().way_there, redirect_uri=_redirect_uri(), scopes=settings.oidc_scopes, **kept)
    except (Unanswered, Untrusted) as error:
        return _trouble(error)
    return Step(onward=way, attempt=attempt)


@feature.route(attempts.PATH, allow=ANYONE, prepare=_set_out, endpoint="set_out", before_agreeing=True)
def set_out(session: Session, viewer: Viewer, *, prepared: Step) -> ResponseReturnValue:
    """To the company's sign-in; a link and no form, because forms may lead nowhere but here."""
    if prepared.problem:
        return _say(session, viewer, prepared)
    response = make_response(redirect(prepared.onward))
    if prepared.attempt is not None:
        attempts.keep(response, prepared.attempt)
    return response


def _arrive(viewer: Viewer) -> Step:
    _settings()
    key = f"company-return:{place()}"
    limit(runtime().database, key, most=_MOST_RETURNS, per=guessing.WINDOW)
    attempt = attempts.current(request.args.get("state", ""))
    if attempt is None:
        _note_refusal("state")
        return Step(problem=_("This sign-in was not begun in this browser, or it took too long. Begin again."))
    if request.args.get("error"):
        _note_refusal("declined")
        return Step(problem=_("Your company’s sign-in did not let you through."))
    try:
        told = _told(attempt)
    except (Unanswered, Untrusted) as error:
        if isinstance(error, Untrusted):
            _note_refusal("untrusted")
        return _trouble(error)
    give_back(runtime().database, key)
    return _enter(attempt, told) if attempt.person_id is None else _connect(viewer, attempt, told)


def _told(attempt: Attempt) -> Told:
    """Who came back.

    Raises:
        Unanswered, Untrusted: that cannot be known.
    """
    asked = provider()
    # Where the answer says who gave it (RFC 9207), it is whom we asked: nobody mixes two providers up.
    if request.args.get("iss", asked.issuer) != asked.issuer:
        raise Untrusted("the answer came from another issuer")
    claims = run_blocking(
        asked.redeem,
        request.args.get("code", ""),
        redirect_uri=_redirect_uri(),
        nonce=attempt.nonce,
        verifier=attempt.verifier,
    )
    told = read(claims, Rules.of(_settings()))
    if told is None:
        raise Untrusted("it names nobody")
    return told


def _enter(attempt: Attempt, told: Told) -> Step:
    settings = _settings()

    def come_in(session: Session) -> Response:
        person, is_new = actions.admit(session, _outsider, told, Rules.of(settings))
        onward = "/start" if is_new else attempt.onward
        return enter(
            session, person, keep=settings.oidc_keep, onward=onward, way=Way.COMPANY, company_session=told.session
        )

    try:
        return Step(answer=runtime().database.transact(_outsider, come_in))
    except TurnedAway as away:
        _note_refusal(away.reason.value, away.person_id)
        return Step(problem=str(_OUTSIDE[away.reason]))


def _connect(viewer: Viewer, attempt: Attempt, told: Told) -> Step:
    if viewer.id != attempt.person_id:
        _note_refusal("state")
        return Step(problem=_("That took too long. Begin again."))
    try:
        runtime().database.transact(viewer, lambda session: actions.connect(session, viewer, told))
    except Conflict:
        return Step(problem=_("That account of your company’s sign-in is connected already, or yours is."))
    return Step(onward=_SETTINGS, attempt=attempt)


def _trouble(error: Unanswered | Untrusted) -> Step:
    log.warning("company sign-in: %r", str(error))
    if isinstance(error, Unanswered):
        return Step(problem=_("Your company’s sign-in did not answer. Try again in a moment."), status=502)
    return Step(problem=_("What your company’s sign-in answered could not be checked. Begin again."))


def _note_refusal(reason: str, person_id: int | None = None) -> None:
    happened = events.CompanySignInRefused(person_id, (request.remote_addr or "")[:60], reason)
    runtime().database.transact(_outsider, lambda session: record(session, happened))


@feature.route(_BACK, allow=ANYONE, prepare=_arrive, endpoint="come_back", before_agreeing=True)
def come_back(session: Session, viewer: Viewer, *, prepared: Step) -> ResponseReturnValue:
    """Back from the company's sign-in."""
    if prepared.problem:
        response = make_response(_say(session, viewer, prepared))
    else:
        if prepared.attempt is not None:
            flash(_("Connected: from now on you can come in with your company’s sign-in."))
        response = prepared.answer or make_response(redirect(prepared.onward))
    attempts.forget(response)
    return response


def _say(session: Session, viewer: Viewer, step: Step) -> Response:
    if viewer.is_member:
        flash(step.problem, "error")
        return make_response(redirect(_SETTINGS))
    onward = own_path(request.args.get("next", ""))
    return make_response(door(session, login="", onward=onward, problems={"company": step.problem}), step.status)


def _way_out(_viewer: Viewer) -> Step:
    settings = _settings()
    limit(runtime().database, f"company-start:{place()}", most=_MOST_STARTS, per=guessing.WINDOW)
    try:
        way = run_blocking(provider().way_out, back=f"{settings.address}/sign-in")
    except (Unanswered, Untrusted) as error:
        return _trouble(error)
    return Step(onward=way) if way else Step(problem=_("Your company’s sign-in has no way out from here."))


@feature.route(f"{attempts.PATH}/leave", allow=ANYONE, prepare=_way_out, endpoint="leave_company", before_agreeing=True)
def leave(session: Session, viewer: Viewer, *, prepared: Step) -> ResponseReturnValue:
    """Out of the company's sign-in as well, after signing out here."""
    return _say(session, viewer, prepared) if prepared.problem else redirect(prepared.onward)


def _prove(viewer: Viewer) -> dict[str, str]:
    _settings()
    try:
        check_own_password(viewer, request.form.get("current", ""), field="company_current")
    except Invalid as error:
        return error.fields
    return {}


@feature.post("/settings/company", allow=MEMBER, prepare=_prove)
def begin_connecting(session: Session, viewer: Viewer, *, prepared: dict[str, str]) -> ResponseReturnValue:
    """Whoever proved who they are may tie their account to the company's sign-in."""
    if prepared:
        return security_page(session, viewer, problems=prepared), 422
    permit = attempts.permit(viewer.member_id, sessions.current_sign_in())
    return security_page(session, viewer, permit=permit)


@feature.post("/settings/company/<id:identity_id>/drop", allow=MEMBER)
def disconnect(session: Session, viewer: Viewer, identity_id: int) -> ResponseReturnValue:
    """Come in by that name no more."""
    try:
        if not runtime().settings.passwords:
            raise Conflict
        actions.disconnect(session, viewer, identity_id)
    except Conflict:
        flash(_("Set a password first: without one you could not come in."), "error")
    else:
        flash(_("Disconnected."))
    return redirect(_SETTINGS)
