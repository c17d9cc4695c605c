"""The second step of signing in: a code, a recovery code, or setting up what the place asks for.

Nobody is signed in here: the pages know who is meant from ``waiting`` alone, and whoever is not waiting begins anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.accounts import guessing
from intranet.accounts.entering import SECOND_STEP, SET_UP, let_in
from intranet.accounts.factors import actions, codes, offering, queries, sealing, trusting, waiting
from intranet.accounts.factors.events import FactorRefused
from intranet.accounts.factors.queries import Owed
from intranet.accounts.forms import CodeForm, SetUpForm
from intranet.accounts.models import Person, Way
from intranet.accounts.passkeys.party import party
from intranet.accounts.views import feature
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, TooFast
from intranet.kernel.outbox import record
from intranet.kernel.page import render
from intranet.kernel.policy import ANYONE
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system

_outsider = system(reason="accounts: nobody is signed in while they prove who they are a second time")
Look = Callable[[Session, int, str], int | None]
Owing = tuple[waiting.Waiting, Person]


@dataclass(frozen=True, slots=True)
class Try:
    """What came of looking at a code before its transaction: the half minute or the recovery code that it is."""

    found: int | None
    trust: bool
    problems: dict[str, str]


def _owing(session: Session, owed: Owed) -> Owing | None:
    """Who waits in this browser and owes this."""
    found = waiting.current()
    person = waiting.person_of(session, found)
    if found is None or person is None or queries.owed_by(session, person) is not owed:
        return None
    return found, person


def _begin_again() -> ResponseReturnValue:
    flash(_("That took too long, or you were signed out meanwhile. Begin again."))
    return redirect("/sign-in", 303)


@feature.get(SECOND_STEP, allow=ANYONE)
def second_step(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Ask for the six digits."""
    owing = _owing(session, Owed.PROOF)
    return _step(session, owing, "code") if owing else _begin_again()


@feature.get("/sign-in/recovery", allow=ANYONE)
def recovery_step(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Ask for one of the ten codes."""
    owing = _owing(session, Owed.PROOF)
    return _step(session, owing, "recovery") if owing else _begin_again()


def _step(session: Session, owing: Owing, kind: str, problems: dict[str, str] | None = None) -> str:
    found, person = owing
    return render(
        f"accounts/factors/{kind}.html",
        factors=queries.factors_of(session, person.id),
        party=party(runtime().settings),
        onward=found.onward,
        errors=problems or {},
    )


def _try(look: Look, wrong: str) -> Try:
    """Look whether a code fits, outside of any transaction that the answer could roll back; ``wrong`` says what to do
    where it does not."""
    found = waiting.current()
    if found is None:
        return Try(None, trust=False, problems={})
    try:
        form = CodeForm.parse(request.form)
        guessing.count_code(found.person_id)
        with runtime().database.reading(_outsider) as session:
            is_theirs = waiting.person_of(session, found) is not None
            fitting = look(session, found.person_id, form.code) if is_theirs else None
        if fitting is None:
            _note_refusal(found.person_id)
            raise Invalid({"code": wrong})
    except Invalid as error:
        return Try(None, trust=False, problems=error.fields)
    except TooFast as error:
        minutes = max(1, error.retry_after // 60)
        words = _("Too many tries. Wait %(n)s min, then try again.", n=minutes)
    except sealing.Unreadable:
        words = _("Your authenticator’s secret can no longer be read. Use a recovery code, or ask whoever runs Couth.")
    else:
        guessing.forgive_code(found.person_id)
        return Try(fitting, trust=form.trust, problems={})
    return Try(None, trust=False, problems={"code": words})


def _note_refusal(person_id: int) -> None:
    happened = FactorRefused(person_id, None, (request.remote_addr or "")[:60])
    runtime().database.transact(_outsider, lambda session: record(session, happened))


def _try_code(_viewer: Viewer) -> Try:
    return _try(queries.step_of, _("Not that one. Wait for the next, and type that."))


def _try_recovery(_viewer: Viewer) -> Try:
    return _try(queries.unused_code, _("Not one of yours that still works."))


@feature.route(SECOND_STEP, methods=("POST",), allow=ANYONE, prepare=_try_code, endpoint="give_code")
def give_code(session: Session, _viewer: Viewer, *, prepared: Try) -> ResponseReturnValue:
    owing = _owing(session, Owed.PROOF)
    if owing is None:
        return _begin_again()
    found, person = owing
    if prepared.found is None:
        return _step(session, owing, "code", prepared.problems), 422
    if not actions.spend_step(session, person.id, prepared.found):
        return _step(session, owing, "code", {"code": _("That code was used already. Wait for the next one.")}), 422
    response = _let_in(session, found, person, Way.CODE, redirect(found.onward))
    if prepared.trust:
        trusting.trust(session, response, person.id)
    return response


@feature.route(
    "/sign-in/recovery", methods=("POST",), allow=ANYONE, prepare=_try_recovery, endpoint="give_recovery_code"
)
def give_recovery_code(session: Session, _viewer: Viewer, *, prepared: Try) -> ResponseReturnValue:
    owing = _owing(session, Owed.PROOF)
    if owing is None:
        return _begin_again()
    found, person = owing
    if prepared.found is None or not actions.spend_code(session, person.id, prepared.found):
        problems = prepared.problems or {"code": _("That code was used already.")}
        return _step(session, owing, "recovery", problems), 422
    response = _let_in(session, found, person, Way.RECOVERY, redirect(found.onward))
    left = queries.codes_left(session, person.id)
    flash(ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left))
    return response


def _let_in(
    session: Session, found: waiting.Waiting, person: Person, way: Way, answer: ResponseReturnValue
) -> Response:
    return let_in(session, person, keep=found.keep, way=way, answer=answer, company_session=found.company_session)


@feature.get(SET_UP, allow=ANYONE)
def set_up(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """The place asks for a second factor and this person has none: they make one before they come in."""
    owing = _owing(session, Owed.SET_UP)
    return _offer(session, owing[1]) if owing else _begin_again()


def _offer(session: Session, person: Person, secret: str = "", problems: dict[str, str] | None = None) -> str:
    shown = offering.offer(session, person, secret)
    return render("accounts/factors/set_up.html", offer=shown, errors=problems or {})


@feature.post(SET_UP, allow=ANYONE)
def finish_set_up(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """The first code of it: from now on it is asked for, and they are in."""
    owing = _owing(session, Owed.SET_UP)
    if owing is None:
        return _begin_again()
    found, person = owing
    secret, step, problems = proved_offer(person.id)
    if secret is None or step is None:
        return _offer(session, person, secret or "", problems), 422
    made = actions.turn_on(session, Viewer(person.id), person, secret, step, spare=None)
    page = render("accounts/factors/first_codes.html", codes=made, onward=found.onward, username=person.username)
    return _let_in(session, found, person, Way.CODE, page)


def proved_offer(person_id: int) -> tuple[str | None, int | None, dict[str, str]]:
    """(the offered secret, the half minute of its code, problems) from the form that showed it."""
    try:
        form = SetUpForm.parse(request.form)
    except Invalid as error:
        return offering.opened(request.form.get("offer", "")[:400], person_id), None, error.fields
    secret = offering.opened(form.offer, person_id)
    if secret is None:
        return None, None, {"code": _("That took too long. Scan the new picture.")}
    step = codes.matching_step(secret, form.code, now=clock.now(), after=0)
    problem = _("Not the code of this picture. Scan it again, and see that your phone’s clock is right.")
    return secret, step, {} if step is not None else {"code": problem}
