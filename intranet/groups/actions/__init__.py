"""What is done to groups: founding and keeping them, coming and going."""

from intranet.groups.actions.belonging import (
    answer_invitation,
    answer_request,
    ask_to_join,
    hand_over,
    invite,
    join_group,
    leave_group,
    on_leaving,
    remove_member,
    set_role,
    take_in,
    withdraw_request,
)
from intranet.groups.actions.keeping import GroupDraft, archive_group, change_group, found_group
from intranet.groups.actions.succession import owned_alone, pass_group_on

__all__ = [
    "GroupDraft",
    "answer_invitation",
    "answer_request",
    "archive_group",
    "ask_to_join",
    "change_group",
    "found_group",
    "hand_over",
    "invite",
    "join_group",
    "leave_group",
    "on_leaving",
    "owned_alone",
    "pass_group_on",
    "remove_member",
    "set_role",
    "take_in",
    "withdraw_request",
]
