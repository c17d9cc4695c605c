"""Input for groups, from HTML forms and from JSON."""

from intranet.groups.actions import GroupDraft
from intranet.groups.models import GroupKind, GroupRole
from intranet.kernel.forms import Form, Text


class GroupForm(Form):
    """Name, kind and description; the lengths are measured by the action."""

    name: str = ""
    kind: GroupKind = GroupKind.OPEN
    about: Text = ""

    @property
    def draft(self) -> GroupDraft:
        return GroupDraft(name=self.name, kind=self.kind, about=self.about)


class WordsForm(Form):
    """A word why."""

    words: str = ""


class RoleForm(Form):
    """What a member shall be."""

    role: GroupRole
