"""Everything that changes conversations and what is said in them, one file for each verb's family."""

from intranet.chat.actions.belonging import join_room, leave, remove_member, set_role, take_out
from intranet.chat.actions.bringing import bring_in
from intranet.chat.actions.changing import delete_message, edit_message, restore_message
from intranet.chat.actions.drafting import drop_draft, save_draft
from intranet.chat.actions.keeping import archive_room, change_room
from intranet.chat.actions.marking import bookmark, follow_thread, pin, react
from intranet.chat.actions.reading import choose, mark_read, mark_thread_read, mark_unread, mute, on_reading
from intranet.chat.actions.sending import MessageDraft, send_message
from intranet.chat.actions.starting import RoomDraft, open_room, start_conversation

__all__ = [
    "MessageDraft",
    "RoomDraft",
    "archive_room",
    "bookmark",
    "bring_in",
    "change_room",
    "choose",
    "delete_message",
    "drop_draft",
    "edit_message",
    "follow_thread",
    "join_room",
    "leave",
    "mark_read",
    "mark_thread_read",
    "mark_unread",
    "mute",
    "on_reading",
    "open_room",
    "pin",
    "react",
    "remove_member",
    "restore_message",
    "save_draft",
    "send_message",
    "set_role",
    "start_conversation",
    "take_out",
]
