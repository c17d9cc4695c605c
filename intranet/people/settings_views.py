"""The part of the settings where people write about themselves."""

from datetime import timedelta
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import locked_fields
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer
from intranet.people import actions, photos
from intranet.people.cards import PersonCard, person_cards
from intranet.people.forms import PlaceForm, ProfileForm, StatusForm
from intranet.people.hours import end_after
from intranet.people.models import Profile
from intranet.people.queries import languages_of
from intranet.people.routes import at_most, feature

_HERE = "/settings/profile"
_save_limit = at_most(60, timedelta(minutes=10), "profile")
_photo_limit = at_most(20, timedelta(hours=1), "photo")


@feature.get("/settings/profile", allow=MEMBER)
def settings(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The form, filled with what is there."""
    return _page(session, viewer)


@feature.post("/settings/profile", allow=MEMBER, prepare=_save_limit)
def save(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Write the profile."""
    try:
        draft = ProfileForm.parse(request.form).draft()
        actions.save_profile(session, viewer, viewer.member_id, draft, locked=locked_fields(session))
    except Invalid as invalid:
        return _page(session, viewer, invalid=invalid), 422
    return redirect(f"{_HERE}?saved=profile", 303)


@feature.post("/settings/profile/status", allow=MEMBER, prepare=_save_limit)
def save_status(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Write the status."""
    try:
        form = StatusForm.parse(request.form)
        ends_at = end_after(form.status_lasts, _zone(session, viewer), field="status_lasts")
        actions.set_status(session, viewer, emoji=form.emoji, words=form.status, ends_at=ends_at)
    except Invalid as invalid:
        return _page(session, viewer, invalid=invalid), 422
    return redirect(f"{_HERE}?saved=status", 303)


@feature.post("/settings/profile/place", allow=MEMBER, prepare=_save_limit)
def save_place(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Write the working place, and whether one wants to be left alone."""
    try:
        form = PlaceForm.parse(request.form)
        zone = _zone(session, viewer)
        ends_at = end_after(form.place_lasts, zone, field="place_lasts")
        focus = end_after(form.focus, zone, field="focus")
    except Invalid as invalid:
        return _page(session, viewer, invalid=invalid), 422
    actions.set_working_place(session, viewer, place=form.place, ends_at=ends_at)
    actions.set_focus(session, viewer, until=focus)
    return redirect(f"{_HERE}?saved=place", 303)


def _prepare_photo(viewer: Viewer) -> photos.CleanPhoto | str:
    """Read, cut and store the picture outside any transaction; a file nobody comes to use does no harm."""
    _photo_limit(viewer)
    given = request.files.get("photo")
    data = given.stream.read(photos.LARGEST_FILE + 1) if given else b""
    cleaned = run_blocking(photos.clean, data)
    if isinstance(cleaned, photos.CleanPhoto):
        run_blocking(photos.store, runtime().settings.files_folder, cleaned)
    return cleaned


@feature.post("/settings/profile/photo", allow=MEMBER, prepare=_prepare_photo)
def save_photo(session: Session, viewer: Viewer, prepared: photos.CleanPhoto | str) -> ResponseReturnValue:
    """Show a photo instead of the initials."""
    if isinstance(prepared, str):
        return _page(session, viewer, invalid=photos.invalid(prepared)), 422
    actions.set_photo(session, viewer, key=prepared.key)
    return redirect(f"{_HERE}?saved=photo", 303)


@feature.post("/settings/profile/photo/remove", allow=MEMBER)
def remove_photo(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Back to the drawn initials."""
    actions.set_photo(session, viewer, key=None)
    return redirect(f"{_HERE}?saved=photo", 303)


def _zone(session: Session, viewer: Viewer) -> str:
    profile = session.get(Profile, viewer.member_id)
    return profile.timezone if profile else ""


def _page(session: Session, viewer: Viewer, *, invalid: Invalid | None = None) -> str:
    person = session.get(Person, viewer.member_id)
    if person is None:
        raise NotFound
    profile = session.get(Profile, person.id) or Profile(person_id=person.id)
    card = person_cards(session, [person.id])[person.id]
    manager = person_cards(session, [profile.manager_id])[profile.manager_id] if profile.manager_id else None
    typed = _stored(session, profile, card, manager)
    if invalid is not None:
        # Nothing typed is lost: what was sent comes back as it was.
        typed.update({name: value for name, value in request.form.items() if name in typed})
    return render(
        "people/settings.html",
        person=person,
        card=card,
        profile=profile,
        manager=manager,
        typed=typed,
        errors=invalid.fields if invalid else {},
        locked=locked_fields(session),
        zones=sorted(clock.zone_names()),
        lasting=_lasting(),
        saved=request.args.get("saved", "") if invalid is None else "",
    )


def _stored(session: Session, profile: Profile, card: PersonCard, manager: PersonCard | None) -> dict[str, Any]:
    return {
        "title": profile.title or "",
        "department": profile.department or "",
        "location": profile.location or "",
        "timezone": profile.timezone or "",
        "languages": ", ".join(languages_of(session, [card.id]).get(card.id, [])),
        "manager": manager.username if manager else "",
        "about": profile.about or "",
        "ask_me_about": "\n".join(profile.ask_me_about or []),
        "links": "\n".join(f"{link['label']} {link['url']}" for link in profile.links or []),
        "emoji": card.status_emoji,
        "status": card.status,
        "status_lasts": "today",
        "place": card.working_place,
        "place_lasts": "today",
        "focus": "",
    }


def _lasting() -> list[tuple[str, str]]:
    return [
        ("30", _("for half an hour")),
        ("60", _("for an hour")),
        ("240", _("for four hours")),
        ("today", _("until the end of today")),
        ("10080", _("for a week")),
        ("", _("until I change it")),
    ]
