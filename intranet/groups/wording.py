"""Groups in words: what their kinds mean, and who exactly can read one."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.groups.directory import GroupSize
from intranet.groups.models import Group, GroupKind
from intranet.groups.queries import GroupCard, request_count
from intranet.people.directory import DirectoryFilter, directory_count


@dataclass(frozen=True, slots=True)
class Readers:
    """``who`` reads, in one sentence with a number; the rest answers the questions that follow."""

    who: str
    writes: str
    joins: str
    finds: str


def kind_names() -> dict[GroupKind, str]:
    """One word each."""
    return {GroupKind.OPEN: _("Open"), GroupKind.CLOSED: _("Closed"), GroupKind.HIDDEN: _("Hidden")}


def size_names() -> dict[GroupSize, str]:
    """A few words each."""
    return {
        GroupSize.SMALL: _("Up to 10 people"),
        GroupSize.MIDDLE: _("11 to 50 people"),
        GroupSize.LARGE: _("More than 50 people"),
    }


def kind_choices() -> list[tuple[str, str, str]]:
    """Value, name and meaning, for a form."""
    return [
        (GroupKind.OPEN.value, _("Open"), _("Everybody can read it, and joins without asking.")),
        (
            GroupKind.CLOSED.value,
            _("Closed"),
            _("Everybody sees it is there. Members read, owners let people in."),
        ),
        (GroupKind.HIDDEN.value, _("Hidden"), _("Only members know that it is there. Owners ask people in.")),
    ]


def readers(session: Session, group: GroupCard) -> Readers:
    """Who can read what is posted in a group, for this moment."""
    members = ngettext("%(num)s member", "%(num)s members", group.member_count)
    writes = _("Nobody: the group is archived") if group.is_archived else members
    if group.kind is GroupKind.OPEN:
        everybody = directory_count(session, DirectoryFilter())
        who = ngettext("%(num)s person here can read this.", "All %(num)s people here can read this.", everybody)
        finds = _("Everybody: search shows it to all")
        return Readers(who, writes, _("Whoever likes, at once"), finds)
    who = ngettext(
        "Only its %(num)s member can read this.", "Only its %(num)s members can read this.", group.member_count
    )
    if group.kind is GroupKind.CLOSED:
        finds = _("Everybody sees the name; posts are found by members alone")
        return Readers(who, writes, _("Whom an owner lets in"), finds)
    return Readers(who, writes, _("Whom an owner asks in"), _("Members alone: to others it does not exist"))


def consequences(session: Session, group: Group) -> dict[str, str]:
    """By kind, who would gain or lose sight of what stands in the group, in numbers; nothing for the kind it has."""
    everybody = directory_count(session, DirectoryFilter())
    outside = max(everybody - group.member_count, 0)
    lose = ngettext(
        "%(num)s person who can read it now no longer will; its members still do.",
        "%(num)s people who can read it now no longer will; its members still do.",
        outside,
    )
    unseen = ngettext(
        "%(num)s person no longer sees that it is there.", "%(num)s people no longer see that it is there.", outside
    )
    seen = ngettext(
        "%(num)s more person sees that it is there; only members read.",
        "%(num)s more people see that it is there; only members read.",
        outside,
    )
    gain = ngettext(
        "%(num)s more person can read everything that was posted before.",
        "%(num)s more people can read everything that was posted before.",
        outside,
    )
    waiting = request_count(session, group.id)
    let_in = ngettext(
        "%(num)s person who asks to join is let in.", "%(num)s people who ask to join are let in.", waiting
    )
    told = {
        (GroupKind.OPEN, GroupKind.CLOSED): [lose],
        (GroupKind.OPEN, GroupKind.HIDDEN): [lose, unseen],
        (GroupKind.CLOSED, GroupKind.OPEN): [gain, *([let_in] if waiting else [])],
        (GroupKind.CLOSED, GroupKind.HIDDEN): [unseen],
        (GroupKind.HIDDEN, GroupKind.OPEN): [gain],
        (GroupKind.HIDDEN, GroupKind.CLOSED): [seen],
    }
    return {kind.value: " ".join(told[group.kind, kind]) for kind in GroupKind if kind is not group.kind}
