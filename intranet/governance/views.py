"""The admin area: people, invitations, the place itself."""

from pathlib import Path

from flask import Response, flash, redirect, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import actions, links, queries
from intranet.accounts.factors import actions as factor_actions
from intranet.accounts.factors.queries import SETTING, factors_of, required
from intranet.accounts.letters import mail_invitation
from intranet.accounts.models import Person
from intranet.files import pictures, storing
from intranet.governance import queries as governance
from intranet.governance import wording
from intranet.governance.actions import change_site
from intranet.governance.forms import InviteForm, NamesForm, RolesForm, SiteForm
from intranet.kernel.errors import Conflict, Invalid, NotFound
from intranet.kernel.page import render
from intranet.kernel.policy import ADMIN, ANYONE
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Role, Viewer
from intranet.kernel.web import Feature
from intranet.people.queries import person_cards

feature = Feature("governance")

_LARGEST_LOGO = 2 * 1024 * 1024


def _roles() -> list[tuple[str, str]]:
    """(name, words) of every role that can be given."""
    return [(role.value, str(wording.ROLES[role.value])) for role in Role if role is not Role.MEMBER]


@feature.get("/admin", allow=ADMIN)
def people(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Everybody, to be found and looked after."""
    words, state = request.args.get("q", "")[:100], request.args.get("state", "")
    page = governance.people_page(session, words=words, state=state, cursor=request.args.get("after"))
    count = queries.member_count(session)
    return render("governance/people.html", page=page, words=words, state=state, count=count, role_names=wording.ROLES)


@feature.get("/admin/people/<username>", allow=ADMIN)
def person(session: Session, _viewer: Viewer, username: str) -> ResponseReturnValue:
    """One person's account."""
    return _person(session, queries.person_by_username(session, username))


def _person(session: Session, found: Person, *, errors: dict[str, str] | None = None, link: str = "") -> str:
    return render(
        "governance/person.html",
        person=found,
        card=person_cards(session, [found.id])[found.id],
        sign_ins=queries.sign_ins_of(session, found.id),
        factors=factors_of(session, found.id),
        roles=_roles(),
        given=request.form or {"name": found.name, "username": found.username, "email": found.email or ""},
        errors=errors or {},
        link=link,
    )


def _last_admin(session: Session, found: Person) -> ResponseReturnValue:
    reason = _("Somebody must run the place: name another admin first.")
    return _person(session, found, errors={"roles": reason}), 409


@feature.post("/admin/people/<username>/names", allow=ADMIN)
def rename(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """What they are called and reached by."""
    found = queries.person_by_username(session, username)
    try:
        form = NamesForm.parse(request.form)
        actions.rename(session, viewer, found, name=form.name, username=form.username, email=form.email or None)
    except Invalid as error:
        return _person(session, found, errors=error.fields), 422
    flash(_("Saved."))
    return redirect(f"/admin/people/{found.username}")


@feature.post("/admin/people/<username>/roles", allow=ADMIN)
def change_roles(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """What they may do."""
    found = queries.person_by_username(session, username)
    try:
        actions.change_roles(session, viewer, found, frozenset(RolesForm.parse(request.form).roles))
    except Invalid as error:
        return _person(session, found, errors=error.fields), 422
    except Conflict:
        return _last_admin(session, found)
    flash(_("Roles changed."))
    return redirect(f"/admin/people/{found.username}")


@feature.post("/admin/people/<username>/deactivate", allow=ADMIN)
def deactivate(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """Close the account at once; what they wrote stays."""
    found = queries.person_by_username(session, username)
    try:
        actions.deactivate(session, viewer, found)
    except Conflict:
        return _last_admin(session, found)
    flash(_("Closed. Every session of theirs has ended."))
    return redirect(f"/admin/people/{found.username}")


@feature.post("/admin/people/<username>/reactivate", allow=ADMIN)
def reactivate(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """Open the account again."""
    found = queries.person_by_username(session, username)
    actions.reactivate(session, viewer, found)
    flash(_("Open again."))
    return redirect(f"/admin/people/{found.username}")


@feature.post("/admin/people/<username>/reset-link", allow=ADMIN)
def reset_link(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """A one-time link to a new password, shown this once."""
    found = queries.person_by_username(session, username)
    link = runtime().settings.address + links.reset_link(session, viewer, found)
    return _person(session, found, link=link)


@feature.post("/admin/people/<username>/reset-factor", allow=ADMIN)
def reset_factor(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """For somebody who lost their phone and their codes: take away every second factor of theirs."""
    found = queries.person_by_username(session, username)
    factor_actions.reset(session, viewer, found)
    flash(_("Taken away. They sign in with their password, and every session of theirs has ended."))
    return redirect(f"/admin/people/{found.username}", 303)


@feature.get("/admin/invitations", allow=ADMIN)
def invitations(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Who was invited and has not come yet."""
    return _invitations(session)


def _invitations(session: Session, *, errors: dict[str, str] | None = None, link: str = "", email: str = "") -> str:
    waiting = links.open_invitations(session)
    return render(
        "governance/invitations.html",
        invitations=waiting,
        makers=person_cards(session, {row.made_by for row in waiting if row.made_by}),
        roles=_roles(),
        role_names=wording.ROLES,
        given=request.form if errors else {},
        errors=errors or {},
        link=link,
        mails=runtime().settings.sends_mail,
        mailed_to=email,
    )


@feature.post("/admin/invitations", allow=ADMIN)
def invite(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Make a link for one colleague."""
    try:
        form = InviteForm.parse(request.form)
        if form.email:
            actions.check_free(session, username="", email=form.email)
    except Invalid as error:
        return _invitations(session, errors=error.fields), 422
    path = links.invite(session, viewer, email=form.email or None, roles=tuple(form.roles))
    if form.email:
        mail_invitation(session, viewer, to=form.email, path=path)
    return _invitations(session, link=runtime().settings.address + path, email=form.email)


@feature.post("/admin/invitations/<id:link_id>/withdraw", allow=ADMIN)
def withdraw(session: Session, viewer: Viewer, link_id: int) -> ResponseReturnValue:
    """Have an invitation work no more."""
    links.withdraw(session, viewer, link_id)
    flash(_("Withdrawn."))
    return redirect("/admin/invitations")


@feature.get("/admin/site", allow=ADMIN)
def site(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Name, logo, and who keeps which profile field."""
    return _site(session)


def _site(session: Session, *, errors: dict[str, str] | None = None) -> str:
    return render(
        "governance/site.html",
        given_name=request.form.get("name", queries.site(session).name),
        locked=queries.locked_fields(session),
        lockable=queries.LOCKABLE,
        second_factor=request.form.get("second_factor", required(session)),
        errors=errors or {},
    )


def logo_folder() -> Path:
    """Beside the uploads, so that backups hold it; apart from them, since no upload's row names the logo."""
    return runtime().settings.files_folder / "site"


def _read_logo(_viewer: Viewer) -> str | dict[str, str] | None:
    """The new logo's key, or what is wrong with it; None without one."""
    upload = request.files.get("logo")
    if upload is None or not upload.filename:
        return None
    data = upload.read(_LARGEST_LOGO + 1)
    if len(data) > _LARGEST_LOGO:
        return {"logo": _("At most 2 MB.")}
    try:
        picture = run_blocking(pictures.read_picture, data)
    except pictures.NotAPicture:
        return {"logo": _("This is not a picture. Choose a PNG, JPEG, GIF or WebP file.")}
    except pictures.TooManyPixels:
        return {"logo": _("This picture has too many pixels.")}
    return run_blocking(storing.keep, logo_folder(), picture.small)


@feature.post("/admin/site", allow=ADMIN, prepare=_read_logo)
def save_site(session: Session, viewer: Viewer, *, prepared: str | dict[str, str] | None) -> ResponseReturnValue:
    """Change them."""
    try:
        form = SiteForm.parse(request.form)
        if isinstance(prepared, dict):
            raise Invalid(prepared)
    except Invalid as error:
        return _site(session, errors=error.fields), 422
    change_site(session, viewer, "name", form.name)
    change_site(session, viewer, SETTING, form.second_factor)
    change_site(session, viewer, "locked_fields", sorted(set(form.locked_fields) & set(queries.LOCKABLE)))
    if prepared:
        change_site(session, viewer, "logo", prepared)
    elif request.form.get("drop_logo"):
        change_site(session, viewer, "logo", None)
    flash(_("Saved."))
    return redirect("/admin/site")


@feature.get("/site/logo/<key>", allow=ANYONE)
def logo(session: Session, _viewer: Viewer, key: str) -> Response:
    """The place's logo; the door shows it too."""
    if key != queries.site_setting(session, "logo"):
        raise NotFound
    path = storing.path_of(logo_folder(), key)
    if not path.is_file():
        raise NotFound
    return send_file(path, mimetype="image/webp", max_age=86400)
