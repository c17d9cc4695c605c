"""Groups in words: what their kinds mean, and who exactly can read one."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from intranet.groups.models import GroupKind
from intranet.groups.queries import GroupCard
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
