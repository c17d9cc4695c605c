"""Settings of one's own account: names, password, sessions, keys for programs."""

from collections.abc import Mapping
from datetime import timedelta

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import actions, passwords, proving, queries, sessions, wording
from intranet.accounts.browsers import browser_of
from intranet.accounts.factors.queries import factors_of
from intranet.accounts.forms import ChangePasswordForm, IdentityForm, ProveForm, TokenForm
from intranet.accounts.oidc.queries import identities_of
from intranet.accounts.passkeys.party import party
from intranet.accounts.passkeys.queries import passkey_count, passkeys_of
from intranet.accounts.views import feature
from intranet.kernel.errors import Invalid
from intranet.kernel.languages import LANGUAGES
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.ratelimit import limit
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import own_path


@feature.get("/settings", allow=MEMBER)
def settings(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Settings begin with the profile."""
    return redirect("/settings/profile")


@feature.get("/settings/security", allow=MEMBER)
def security(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Names, password, sessions and tokens."""
    return security_page(session, viewer)


@feature.get("/settings/appearance", allow=MEMBER)
def appearance(_session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Light or dark, kept on the device, and the language."""
    return render("accounts/appearance.html", languages=LANGUAGES, chosen=viewer.language or "")


@feature.post("/settings/language", allow=MEMBER)
def language(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The language to read Couth in; an empty one follows the browser."""
    actions.choose_language(session, viewer, request.form.get("language", ""))
    return redirect("/settings/appearance", 303)


def security_page(
    session: Session,
    viewer: Viewer,
    *,
    problems: dict[str, str] | None = None,
    token: str = "",
    given: Mapping[str, str] | None = None,
    permit: str = "",
) -> str:
    """The page; ``given`` is what was typed into the form of names, ``permit`` lets an account be connected."""
    person = actions.get_person(session, viewer.member_id)
    return render(
        "accounts/security.html",
        person=person,
        given=given or {"name": person.name, "username": person.username, "email": person.email or ""},
        sign_ins=queries.sign_ins_of(session, person.id),
        current=sessions.current_sign_in(),
        browser_of=browser_of,
        way_names=wording.WAYS,
        factors=factors_of(session, person.id),
        passkeys=passkeys_of(session, person.id),
        party=party(runtime().settings),
        tokens=queries.tokens_of(session, person.id),
        errors=problems or {},
        token=token,
        has_password=queries.password_hash_of(session, person.id) is not None,
        ways=runtime().settings,
        identities=identities_of(session, person.id),
        permit=permit,
    )


def check_own_password(viewer: Viewer, current: str, *, field: str) -> None:
    """See that whoever is signed in is who they are. Call it from ``prepare``: it is slow.

    Who has no password proves it by having signed in just now.

    Raises:
        Invalid: on ``field``.
        TooFast: it was tried too often.
    """
    limit(runtime().database, f"own-password:{viewer.id}", most=10, per=timedelta(minutes=10))
    with runtime().database.reading(viewer) as session:
        password_hash = queries.password_hash_of(session, viewer.member_id)
        came_lately = queries.came_lately(session, sessions.current_sign_in())
    if password_hash is None and came_lately:
        return
    if password_hash is None:
        raise Invalid({field: _("Sign out, sign in again, and do it within ten minutes.")})
    if not passwords.is_right(password_hash, current):
        raise Invalid({field: _("This is not your password.")})


@feature.get(proving.PAGE, allow=MEMBER)
def prove(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Once more the password."""
    return prove_page(session, viewer, own_path(request.args.get("next", "")))


def prove_page(session: Session, viewer: Viewer, onward: str, problems: dict[str, str] | None = None) -> str:
    """The page; a problem on ``passkey`` is about that."""
    return render(
        "accounts/prove.html",
        onward=onward,
        has_password=queries.password_hash_of(session, viewer.member_id) is not None,
        has_passkey=passkey_count(session, viewer.member_id) > 0,
        party=party(runtime().settings),
        errors=problems or {},
    )


def _check_proof(viewer: Viewer) -> dict[str, str]:
    try:
        check_own_password(viewer, ProveForm.parse(request.form).current, field="current")
    except Invalid as error:
        return error.fields
    return {}


@feature.post(proving.PAGE, allow=MEMBER, prepare=_check_proof)
def note_proof(session: Session, viewer: Viewer, *, prepared: dict[str, str]) -> ResponseReturnValue:
    """It was right: for ten minutes nobody asks again."""
    onward = own_path(request.form.get("next", ""))
    if prepared:
        return prove_page(session, viewer, onward, prepared), 422
    proving.note(session)
    return redirect(onward, 303)


def _hash_change(viewer: Viewer) -> tuple[str, dict[str, str]]:
    try:
        form = ChangePasswordForm.parse(request.form)
        check_own_password(viewer, form.current, field="current")
        passwords.check_new(form.password)
    except Invalid as error:
        return "", error.fields
    return passwords.hash_password(form.password), {}


@feature.post("/settings/password", allow=MEMBER, prepare=_hash_change)
def change_password(session: Session, viewer: Viewer, *, prepared: tuple[str, dict[str, str]]) -> ResponseReturnValue:
    password_hash, problems = prepared
    if problems:
        return security_page(session, viewer, problems=problems), 422
    actions.set_password(session, viewer, viewer.member_id, password_hash, spare=sessions.current_sign_in())
    flash(_("Password changed. Every other session is signed out."))
    return redirect("/settings/security")


def _check_identity(viewer: Viewer) -> tuple[IdentityForm | None, dict[str, str]]:
    try:
        form = IdentityForm.parse(request.form)
        check_own_password(viewer, form.current, field="identity_current")
    except Invalid as error:
        fields = {("identity_current" if name == "current" else name): words for name, words in error.fields.items()}
        return None, fields
    return form, {}


@feature.post("/settings/identity", allow=MEMBER, prepare=_check_identity)
def change_identity(
    session: Session, viewer: Viewer, *, prepared: tuple[IdentityForm | None, dict[str, str]]
) -> ResponseReturnValue:
    form, problems = prepared
    if form is None:
        return security_page(session, viewer, problems=problems, given=request.form), 422
    person = actions.get_person(session, viewer.member_id)
    name = person.name if "name" in queries.locked_fields(session) else form.name
    try:
        actions.rename(session, viewer, person, name=name, username=form.username, email=form.email or None)
    except Invalid as error:
        session.expire(person)
        return security_page(session, viewer, problems=error.fields, given=request.form), 422
    flash(_("Saved."))
    return redirect("/settings/security")


@feature.post("/settings/sessions/<id:sign_in_id>/end", allow=MEMBER)
def end_session(session: Session, viewer: Viewer, sign_in_id: int) -> ResponseReturnValue:
    """Sign one browser out."""
    actions.end_session(session, viewer, sign_in_id)
    flash(_("Signed out there."))
    return redirect("/settings/security")


@feature.post("/settings/sessions/end-others", allow=MEMBER)
def end_others(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Sign every other browser out."""
    actions.end_sessions(session, viewer, viewer.member_id, spare=sessions.current_sign_in())
    flash(_("Signed out everywhere else."))
    return redirect("/settings/security")


@feature.post("/settings/sessions/end-all", allow=MEMBER)
def end_all(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    actions.end_sessions(session, viewer, viewer.member_id)
    sessions.forget()
    return redirect("/sign-in")


@feature.post("/settings/tokens", allow=MEMBER)
def make_token(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """A new key, shown this once."""
    person = actions.get_person(session, viewer.member_id)
    try:
        token = actions.make_token(session, viewer, person, TokenForm.parse(request.form).name)
    except Invalid as error:
        return security_page(
            session, viewer, problems={f"token_{name}": words for name, words in error.fields.items()}
        ), 422
    session.flush()
    return security_page(session, viewer, token=token)


@feature.post("/settings/tokens/<id:token_id>/drop", allow=MEMBER)
def drop_token(session: Session, viewer: Viewer, token_id: int) -> ResponseReturnValue:
    """Have a key work no more."""
    actions.drop_token(session, viewer, token_id)
    flash(_("That token works no more."))
    return redirect("/settings/security")
