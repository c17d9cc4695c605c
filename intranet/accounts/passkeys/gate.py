"""Signing in with a passkey alone: it is what somebody has and what unlocks it, so no second step follows."""

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.entering import let_in
from intranet.accounts.factors import waiting
from intranet.accounts.models import Person, Way
from intranet.accounts.passkeys import actions, ceremony
from intranet.accounts.passkeys.answering import Answered, answered, count_try, here
from intranet.accounts.passkeys.challenges import Purpose, hand_out
from intranet.accounts.views import door, feature
from intranet.kernel.policy import ANYONE
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import own_path


def _count(_viewer: Viewer) -> None:
    here()
    count_try()


@feature.post("/sign-in/passkey/options", allow=ANYONE, prepare=_count)
def ask_passkey(session: Session, _viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """What the browser asks of the device."""
    challenge = ceremony.new_challenge()
    hand_out(session, challenge, Purpose.SIGN_IN, None)
    return jsonify(ceremony.ask_to_prove(here(), challenge=challenge))


def _answered(_viewer: Viewer) -> Answered:
    return answered(Purpose.SIGN_IN)


@feature.post("/sign-in/passkey", allow=ANYONE, prepare=_answered)
def enter_by_passkey(session: Session, _viewer: Viewer, *, prepared: Answered) -> ResponseReturnValue:
    found = waiting.current()
    onward = found.onward if found else own_path(request.form.get("next", ""))
    keep = found.keep if found else bool(request.form.get("keep"))
    person = session.get(Person, prepared.person_id) if prepared.person_id else None
    problem = prepared.problem
    if person is not None and not actions.note_use(session, prepared.passkey_id, prepared.sign_count):
        problem = _("That took too long, or was answered already. Try again.")
    if person is None or person.deactivated_at is not None or problem:
        return door(session, login="", onward=onward, problems={"passkey": problem}), 422
    return let_in(session, person, keep=keep, way=Way.PASSKEY, answer=redirect(onward))
