"""What can be done about a notice where it stands: forms of the features that it speaks of, while there is something
to be done. Whoever has no script comes to those features' own pages; with it the row says what was done."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.asking.models import LASTS, Answer, SharingRequest
from intranet.chat.inspection.models import Inspection
from intranet.chat.models import MessageFile
from intranet.groups.models import Group, GroupMember, GroupRole, Invitation, JoinRequest
from intranet.kernel import clock
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Source
from intranet.notifications.queries import Bundle
from intranet.people.models import Follow, FollowKind
from intranet.posts.announcements.models import Acknowledgement, Announcement
from intranet.posts.models import MutedThread, Post
from intranet.questions.routing.models import AskedPerson, Doing

_OPEN = (Doing.ASKED, Doing.SEEN, Doing.LATER)


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: a link, or a form that sends ``fields`` and then says ``done``, which ``undo`` takes back where that
    can be. With ``names_somebody`` it asks for a name first. What ``is_aside`` is not what the notice came for."""

    words: str
    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    done: str = ""
    undo: "Deed | None" = None
    is_link: bool = False
    names_somebody: bool = False
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Deeds:
    """The buttons below one notice, the likeliest first, and the ``words`` that help to decide."""

    buttons: tuple[Deed, ...]
    words: str = ""


Found = dict[int, Deeds]


def deeds_of(session: Session, viewer: Viewer, bundles: Sequence[Bundle]) -> Found:
    """What can still be done, by the id of a bundle's latest notice. At most two statements for each kind of notice."""
    kinds: dict[Source, Callable[[Session, Viewer, list[Bundle]], Found]] = {
        Source.ASKED: _asked,
        Source.ANNOUNCEMENT: _announced,
        Source.REMINDER: _announced,
        Source.GROUP_ASKED: _asks_in,
        Source.GROUP_INVITED: _invited,
        Source.SHARING_ASKED: _sharing,
        Source.INSPECTION_ASKED: _inspection,
        Source.FOLLOWER: _follower,
        Source.THREAD: _thread,
    }
    found: Found = {}
    for source, deeds in kinds.items():
        of_kind = [one for one in bundles if one.source is source]
        if of_kind:
            found |= deeds(session, viewer, of_kind)
    return found


def _posts(bundles: Iterable[Bundle]) -> list[int]:
    return [one.latest.post_id for one in bundles if one.latest.post_id is not None]


def _subjects(bundles: Iterable[Bundle]) -> list[int]:
    return [one.latest.subject_id for one in bundles if one.latest.subject_id is not None]


def _alone(bundle: Bundle) -> int:
    """The one person whom a bundle is about; 0 where there are several."""
    return bundle.people[0] if len(bundle.people) == 1 and not bundle.others else 0


def _link(words: str, address: str) -> Deeds:
    return Deeds((Deed(words, address, is_link=True),))


def _asked(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    mine: list[ColumnElement[bool]] = [AskedPerson.person_id == viewer.member_id, AskedPerson.doing.in_(_OPEN)]
    waits = (Post.accepted_id.is_(None), Post.frozen_at.is_(None), Post.deleted_at.is_(None))
    can_wait = (AskedPerson.reminded_at.is_(None) & (AskedPerson.doing != Doing.LATER)).label("can_wait")
    rows = select(Post.id, can_wait).join(AskedPerson, AskedPerson.post_id == Post.id)
    still = {row.id: row.can_wait for row in session.execute(rows.where(Post.id.in_(_posts(bundles)), *mine, *waits))}

    def of(post_id: int) -> Deeds:
        asked = f"/questions/{post_id}/asked"
        other = str(_("Suggest someone else"))
        passed = str(_("Passed on. They are asked as soon as they can be."))
        again = str(_("You will be asked again on your next working day."))
        later = Deed(str(_("Later")), f"{asked}/later", {"when": "day"}, again)
        return Deeds(
            (
                Deed(str(_("Answer")), f"/questions/{post_id}#reply-{post_id}", is_link=True),
                Deed(other, f"{asked}/pass", done=passed, names_somebody=True),
                *([later] if still[post_id] else []),
                Deed(str(_("Not me")), f"{asked}/decline", done=str(_("Thank you. Somebody else is asked."))),
            )
        )

    told = ((one.latest.id, one.latest.post_id or 0) for one in bundles)
    return {notice_id: of(post_id) for notice_id, post_id in told if post_id in still}


def _announced(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    done = exists().where(
        Acknowledgement.post_id == Announcement.post_id, Acknowledgement.person_id == viewer.member_id
    )
    waiting = select(Announcement.post_id).where(Announcement.post_id.in_(_posts(bundles)), Announcement.asks, ~done)
    still = set(session.scalars(waiting))

    def of(post_id: int) -> Deeds:
        return Deeds((Deed(str(_("Acknowledge")), f"/posts/{post_id}/acknowledge", done=str(_("Acknowledged."))),))

    return {one.latest.id: of(one.latest.post_id) for one in bundles if one.latest.post_id in still}


def _asks_in(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    """Who waits at a door that the viewer keeps."""
    keeps = exists().where(
        GroupMember.group_id == Group.id,
        GroupMember.person_id == viewer.member_id,
        GroupMember.role == GroupRole.OWNER,
    )
    rows = select(Group.id, Group.slug, Person.id.label("person_id"), Person.username, Person.name, JoinRequest.words)
    rows = rows.join(JoinRequest, JoinRequest.group_id == Group.id).join(Person, Person.id == JoinRequest.person_id)
    rows = rows.where(Group.id.in_(_subjects(bundles)), Person.deactivated_at.is_(None), keeps)
    people = {person_id for one in bundles for person_id in one.people}
    waiting = {(row.id, row.person_id): row for row in session.execute(rows.where(Person.id.in_(people)))}
    slugs = {row.id: row.slug for row in waiting.values()}
    found: Found = {}
    for one in bundles:
        group_id = one.latest.subject_id or 0
        row = waiting.get((group_id, _alone(one)))
        if row is not None:
            address = f"/groups/{row.slug}/requests/{row.username}"
            let_in = Deed(
                str(_("Let in")), address, {"let_in": "1"}, str(_("%(name)s is in the group now.", name=row.name))
            )
            refuse = Deed(str(_("Do not let in")), address, {"let_in": "0"}, str(_("Not let in. They are told so.")))
            found[one.latest.id] = Deeds((let_in, refuse), row.words)
        elif not _alone(one) and group_id in slugs:
            found[one.latest.id] = _link(str(_("See who asks")), f"/groups/{slugs[group_id]}")
    return found


def _invited(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    mine = (Invitation.person_id == viewer.member_id, Invitation.group_id.in_(_subjects(bundles)))
    names = {row.group_id: row.name for row in session.scalars(select(Invitation).where(*mine))}
    # The row of a group that is hidden from the viewer is not theirs to read yet: they leave it on its page.
    known = select(Group.id, Group.slug).where(Group.id.in_(names))
    slugs = {row.id: row.slug for row in session.execute(known)}

    def of(group_id: int) -> Deeds:
        address, slug = f"/group-invitations/{group_id}", slugs.get(group_id)
        left = str(_("You are not in it any more."))
        undo = Deed(str(_("Undo")), f"/groups/{slug}/leave", done=left) if slug else None
        said = str(_("You are in %(group)s now.", group=names[group_id]))
        join = Deed(str(_("Join")), address, {"accept": "1"}, said, undo)
        return Deeds((join, Deed(str(_("No, thanks")), address, {"accept": "0"}, str(_("Declined.")))))

    return {one.latest.id: of(one.latest.subject_id) for one in bundles if one.latest.subject_id in names}


def _sharing(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    """May words of the viewer's own leave a conversation? Their last word counts, so that yes can become no."""
    messages = [one.latest.item_id for one in bundles]
    has_files = exists().where(MessageFile.message_id == SharingRequest.message_id)
    rows = select(SharingRequest.id, SharingRequest.message_id, SharingRequest.requester_id, has_files.label("files"))
    waits = (SharingRequest.answer == Answer.WAITING, SharingRequest.created_at > clock.now() - LASTS)
    rows = rows.where(SharingRequest.author_id == viewer.member_id, *waits)
    waiting = {
        (row.message_id, row.requester_id): row
        for row in session.execute(rows.where(SharingRequest.message_id.in_(messages)))
    }

    def of(request_id: int, *, with_files: bool) -> Deeds:
        address, agreed = f"/chat/requests/{request_id}", str(_("You agreed."))
        refuse = Deed(str(_("Rather not")), address, {"do": "decline"}, str(_("You said no.")))
        undo = Deed(str(_("Undo")), address, {"do": "decline"}, str(_("Taken back: you said no.")))
        words = str(_("Agree, words only") if with_files else _("Agree"))
        agree = [Deed(words, address, {"do": "agree"}, agreed, undo)]
        if with_files:
            agree.append(Deed(str(_("Agree, with files")), address, {"do": "agree-files"}, agreed, undo))
        return Deeds((*agree, refuse))

    asked = {one.latest.id: waiting.get((one.latest.item_id, _alone(one))) for one in bundles}
    return {notice_id: of(row.id, with_files=row.files) for notice_id, row in asked.items() if row is not None}


def _inspection(session: Session, _viewer: Viewer, bundles: list[Bundle]) -> Found:
    """Whoever decides reads the reason first, on its own page."""
    asked = select(Inspection).where(Inspection.id.in_(_subjects(bundles)))
    waiting = {row.id for row in session.scalars(asked) if row.waits}
    read = str(_("Read why, and decide"))
    return {one.latest.id: _link(read, "/admin/inspections") for one in bundles if one.latest.subject_id in waiting}


def _follower(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    people = {_alone(one) for one in bundles} - {0}
    follows = exists().where(
        Follow.follower_id == viewer.member_id, Follow.kind == FollowKind.PERSON, Follow.target_id == Person.id
    )
    rows = select(Person.id, Person.username, Person.name)
    rows = rows.where(Person.id.in_(people), Person.deactivated_at.is_(None), ~follows)
    found = {row.id: row for row in session.execute(rows)}

    def of(username: str, name: str) -> Deeds:
        address = f"/people/{username}"
        undo = Deed(str(_("Undo")), f"{address}/unfollow", done=str(_("Not followed any more.")))
        said = str(_("You follow %(name)s now.", name=name))
        return Deeds((Deed(str(_("Follow back")), f"{address}/follow", done=said, undo=undo),))

    known = {one.latest.id: found.get(_alone(one)) for one in bundles}
    return {notice_id: of(row.username, row.name) for notice_id, row in known.items() if row is not None}


def _thread(session: Session, viewer: Viewer, bundles: list[Bundle]) -> Found:
    """Enough of a thread that goes on and on?"""
    muted = exists().where(MutedThread.post_id == Post.id, MutedThread.person_id == viewer.member_id)
    heard = set(session.scalars(select(Post.id).where(Post.id.in_(_posts(bundles)), ~muted)))

    def of(post_id: int) -> Deeds:
        address, said = f"/posts/{post_id}/mute", str(_("Muted. You hear no more of this thread."))
        undo = Deed(str(_("Undo")), address, {"on": "0"}, str(_("You hear of this thread again.")))
        return Deeds((Deed(str(_("Mute this thread")), address, {"on": "1"}, said, undo, is_aside=True),))

    return {one.latest.id: of(one.latest.post_id) for one in bundles if one.latest.post_id in heard}
