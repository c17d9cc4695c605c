"""Changes to profiles and follows."""

from dataclasses import dataclass, fields
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import require_together
from intranet.people.events import PersonFollowed, PersonUnfollowed, ProfileChanged
from intranet.people.models import Follow, FollowKind, Profile, SpokenLanguage
from intranet.people.policy import PeoplePermission

_TALLEST = 40  # steps up a reporting line; more is a loop in the data


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDraft:
    """New values for a profile; None leaves a field as it is. ``manager`` is a username, ``""`` for none."""

    title: str | None = None
    department: str | None = None
    location: str | None = None
    timezone: str | None = None
    languages: tuple[str, ...] | None = None
    manager: str | None = None
    about: str | None = None
    ask_me_about: tuple[str, ...] | None = None
    links: tuple[tuple[str, str], ...] | None = None


def own_row(session: Session, person_id: int) -> Profile:
    """The profile row of somebody, made when it is missing."""
    profile = session.get(Profile, person_id)
    if profile is None:
        profile = Profile(person_id=person_id)
        session.add(profile)
        session.flush()
    return profile


def save_profile(
    session: Session,
    viewer: Viewer,
    person_id: int,
    draft: ProfileDraft,
    *,
    locked: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Write the fields that differ; returns their names.

    Raises:
        Refused: it is somebody else's profile.
        Invalid: a field in ``locked`` would change, or the manager cannot be one.
    """
    require(PeoplePermission.EDIT_PROFILE, viewer, person_id)
    profile = own_row(session, person_id)
    changed = {
        name: value
        for name, value in _wanted(session, person_id, draft).items()
        if value != (_languages(session, person_id) if name == "languages" else getattr(profile, name))
    }
    changed_names = frozenset("manager" if name == "manager_id" else name for name in changed)
    if refused := changed_names & locked:
        raise Invalid(dict.fromkeys(refused, _("This is kept by HR and cannot be changed here.")))
    for name, value in changed.items():
        if name == "languages":
            _write_languages(session, person_id, value)
        else:
            setattr(profile, name, value)
    profile.folded_title = fold(profile.title)[:200]
    if changed:
        profile.changed_at = clock.now()
        record(session, ProfileChanged(person_id))
    return changed_names


def _wanted(session: Session, person_id: int, draft: ProfileDraft) -> dict[str, object]:
    wanted = {field.name: getattr(draft, field.name) for field in fields(draft)}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if "manager" in wanted:
        wanted["manager_id"] = _manager_id(session, person_id, wanted.pop("manager"))
    if "links" in wanted:
        wanted["links"] = [{"label": label, "url": url} for label, url in wanted["links"]]
    for name in ("ask_me_about", "languages"):
        if name in wanted:
            wanted[name] = list(wanted[name])
    return wanted


def _manager_id(session: Session, person_id: int, username: str) -> int | None:
    username = username.lstrip("@").lower()
    if not username:
        return None
    found = session.scalar(select(Person.id).where(Person.username == username))
    if found is None:
        raise Invalid({"manager": _("Nobody here is called “%(username)s”.", username=username)})
    above: int | None = found
    for _step in range(_TALLEST):
        if above is None:
            return found
        if above == person_id:
            raise Invalid({"manager": _("This would make a circle: they report to this person already.")})
        above = session.scalar(select(Profile.manager_id).where(Profile.person_id == above))
    raise Invalid({"manager": _("This reporting line is too long.")})


def _languages(session: Session, person_id: int) -> list[str]:
    spoken = select(SpokenLanguage.language).where(SpokenLanguage.person_id == person_id)
    return list(session.scalars(spoken.order_by(SpokenLanguage.position)))


def _write_languages(session: Session, person_id: int, languages: object) -> None:
    session.execute(delete(SpokenLanguage).where(SpokenLanguage.person_id == person_id))
    named = languages if isinstance(languages, list) else []
    session.add_all(SpokenLanguage(person_id=person_id, language=name, position=at) for at, name in enumerate(named))


def set_status(session: Session, viewer: Viewer, *, emoji: str, words: str, ends_at: datetime | None) -> None:
    """Say what one is up to, until ``ends_at``; both empty clears it."""
    profile = own_row(session, viewer.member_id)
    profile.status_emoji, profile.status_text = emoji, words
    profile.status_ends_at = ends_at if emoji or words else None
    record(session, ProfileChanged(viewer.member_id))


def set_working_place(session: Session, viewer: Viewer, *, place: str, ends_at: datetime | None) -> None:
    """Say where one works, until ``ends_at``; empty clears it. The place before is forgotten."""
    profile = own_row(session, viewer.member_id)
    profile.working_place, profile.working_place_ends_at = place, ends_at if place else None
    record(session, ProfileChanged(viewer.member_id))


def set_focus(session: Session, viewer: Viewer, *, until: datetime | None) -> None:
    """Ask to be left alone until then."""
    own_row(session, viewer.member_id).focusing_until = until
    record(session, ProfileChanged(viewer.member_id))


def set_photo(session: Session, viewer: Viewer, *, key: str | None) -> None:
    """Show the stored photo, or with None the drawn initials."""
    own_row(session, viewer.member_id).photo_key = key
    record(session, ProfileChanged(viewer.member_id))


def follow(session: Session, viewer: Viewer, kind: FollowKind, target_id: int, *, is_on: bool = True) -> bool:
    """Follow anything, or no longer; False where that is so already. The caller has checked that it may be followed."""
    # Held until the commit: of two clicks at once only one ends it, and is counted.
    row = session.get(Follow, (viewer.member_id, kind, target_id), with_for_update=True)
    if (row is not None) is is_on:
        return False
    if row is None:
        session.add(Follow(follower_id=viewer.member_id, kind=kind, target_id=target_id))
    else:
        session.delete(row)
    return True


def follow_person(session: Session, viewer: Viewer, person_id: int) -> None:
    """Follow a colleague.

    Raises:
        NotFound: there is no such person.
        Refused: it is oneself, somebody who left, or one of the two blocks the other.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    require(PeoplePermission.FOLLOW, viewer, person)
    require_together(session, viewer, person_id)
    if follow(session, viewer, FollowKind.PERSON, person_id):
        record(session, PersonFollowed(follower_id=viewer.member_id, recipient_id=person_id))


def unfollow_person(session: Session, viewer: Viewer, person_id: int) -> None:
    """Stop following a colleague, a leaver too."""
    if follow(session, viewer, FollowKind.PERSON, person_id, is_on=False):
        record(session, PersonUnfollowed(follower_id=viewer.member_id, followed_id=person_id))
