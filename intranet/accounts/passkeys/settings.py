"""Settings of one's own passkeys: add, rename, remove; and a passkey in place of the password where it is asked."""

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts import proving, sessions
from intranet.accounts.browsers import browser_of
from intranet.accounts.forms import PasskeyForm
from intranet.accounts.passkeys import actions, ceremony, queries
from intranet.accounts.passkeys.answering import Answered, answered, count_try, here
from intranet.accounts.passkeys.challenges import Purpose, hand_out, take
from intranet.accounts.passkeys.party import party
from intranet.accounts.queries import site
from intranet.accounts.settings import prove_page
from intranet.accounts.views import feature
from intranet.kernel.errors import Conflict, Invalid, Refused
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import own_path

_NEW = "/settings/passkeys/new"


@feature.get(_NEW, allow=MEMBER)
def new_passkey(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Name it, then ask the device."""
    if not proving.is_proved(session, viewer):
        return proving.ask(_NEW)
    return _new(browser_of(request.user_agent.string or "").name)


def _new(name: str, problems: dict[str, str] | None = None) -> str:
    found = party(runtime().settings)
    return render("accounts/passkeys/new.html", name=name, party=found, errors=problems or {})


def _count(_viewer: Viewer) -> None:
    here()
    count_try()


@feature.post("/settings/passkeys/options", allow=MEMBER, prepare=_count)
def ask_new_passkey(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """What the browser asks of the device that shall hold it.

    Raises:
        Refused: they have not shown just now that it is them.
    """
    if not proving.is_proved(session, viewer):
        raise Refused("prove yourself first")
    person = accounts.get_person(session, viewer.member_id)
    actions.check_room(session, person.id)
    challenge = ceremony.new_challenge()
    hand_out(session, challenge, Purpose.ADD, person.id)
    options = ceremony.ask_to_add(
        here(),
        challenge=challenge,
        place=site(session).name,
        person_id=person.id,
        username=person.username,
        name=person.name,
        held=[row.credential_key for row in queries.passkeys_of(session, person.id)],
    )
    return jsonify(options)


def _added(viewer: Viewer) -> ceremony.NewPasskey | str:
    """What the device made, or what is wrong."""
    found = here()
    challenge = take(Purpose.ADD, viewer.member_id)
    if challenge is None:
        return str(_("That took too long, or was answered already. Try again."))
    try:
        return ceremony.added(found, request.form.get("credential", ""), challenge)
    except ceremony.BadAnswer:
        return str(_("What your device answered could not be checked. Try again."))


@feature.post("/settings/passkeys", allow=MEMBER, prepare=_added)
def add_passkey(session: Session, viewer: Viewer, *, prepared: ceremony.NewPasskey | str) -> ResponseReturnValue:
    if not proving.is_proved(session, viewer):
        return proving.ask(_NEW)
    name = request.form.get("name", "")
    try:
        form = PasskeyForm.parse(request.form)
        if isinstance(prepared, str):
            raise Invalid({"name": prepared})
        actions.add(session, viewer, accounts.get_person(session, viewer.member_id), prepared, form.name)
    except Invalid as error:
        return _new(name, error.fields), 422
    flash(_("Added. From now on this device signs you in."))
    return redirect("/settings/security#passkeys", 303)


@feature.get("/settings/passkeys/<id:passkey_id>", allow=MEMBER)
def passkey(session: Session, viewer: Viewer, passkey_id: int) -> ResponseReturnValue:
    """One of them, to be renamed or removed."""
    return _one(session, viewer, passkey_id)


def _one(session: Session, viewer: Viewer, passkey_id: int, problems: dict[str, str] | None = None) -> str:
    row = queries.own_passkey(session, viewer.member_id, passkey_id)
    given = request.form.get("name", row.name)
    return render("accounts/passkeys/one.html", passkey=row, given=given, errors=problems or {})


@feature.post("/settings/passkeys/<id:passkey_id>/rename", allow=MEMBER)
def rename_passkey(session: Session, viewer: Viewer, passkey_id: int) -> ResponseReturnValue:
    try:
        actions.rename(session, viewer, passkey_id, PasskeyForm.parse(request.form).name)
    except Invalid as error:
        return _one(session, viewer, passkey_id, error.fields), 422
    flash(_("Saved."))
    return redirect("/settings/security#passkeys", 303)


@feature.post("/settings/passkeys/<id:passkey_id>/remove", allow=MEMBER)
def remove_passkey(session: Session, viewer: Viewer, passkey_id: int) -> ResponseReturnValue:
    queries.own_passkey(session, viewer.member_id, passkey_id)
    if not proving.is_proved(session, viewer):
        return proving.ask(f"/settings/passkeys/{passkey_id}")
    try:
        actions.remove(session, viewer, passkey_id, spare=sessions.current_sign_in())
    except Conflict:
        words = _("A second factor is asked for here, and this is your last. Add another first.")
        return _one(session, viewer, passkey_id, {"remove": words}), 409
    flash(_("Removed. Every other session is signed out."))
    return redirect("/settings/security#passkeys", 303)


@feature.post("/settings/prove/options", allow=MEMBER, prepare=_count)
def ask_proof(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """What the browser asks of the device instead of the password."""
    challenge = ceremony.new_challenge()
    hand_out(session, challenge, Purpose.PROVE, viewer.member_id)
    return jsonify(ceremony.ask_to_prove(here(), challenge=challenge))


def _proved(viewer: Viewer) -> Answered:
    return answered(Purpose.PROVE, viewer.member_id)


@feature.post("/settings/prove/passkey", allow=MEMBER, prepare=_proved)
def prove_by_passkey(session: Session, viewer: Viewer, *, prepared: Answered) -> ResponseReturnValue:
    """It was their own: for ten minutes nobody asks again."""
    onward = own_path(request.form.get("next", ""))
    held = not prepared.problem and actions.note_use(session, prepared.passkey_id, prepared.sign_count)
    if not held:
        return prove_page(session, viewer, onward, {"passkey": prepared.problem}), 422
    proving.note(session)
    return redirect(onward, 303)
