"""Who may do what in a conversation. Whether somebody may *read* it is the audience's matter, not decided here."""

from enum import StrEnum

from intranet.chat.models import ChatMember, ChatRole, Conversation, ConversationKind, Message
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Viewer


class ChatPermission(StrEnum):
    """The names in the permission table. Rules take the conversation and the viewer's own membership, None outside."""

    START = "chat:conversation:start"
    KEEP = "chat:conversation:keep"
    JOIN = "chat:member:join"
    LEAVE = "chat:member:leave"
    INVITE = "chat:member:invite"
    SEND = "chat:message:send"
    EDIT = "chat:message:edit"
    DELETE = "chat:message:delete"
    RESTORE = "chat:message:restore"
    MARK = "chat:message:mark"
    ASK = "chat:message:ask"
    ANSWER = "chat:message:answer"


@permission(ChatPermission.START)
def member_may_start(viewer: Viewer) -> bool:
    """Every member may write to colleagues and open rooms."""
    return viewer.is_member


@permission(ChatPermission.KEEP)
def owner_keeps_room(_viewer: Viewer, conversation: Conversation, membership: ChatMember | None) -> bool:
    """The owners of a room rename it, archive it and take people out; no admin does so from outside."""
    is_room = conversation.kind is ConversationKind.ROOM
    return is_room and membership is not None and membership.role is ChatRole.OWNER


@permission(ChatPermission.JOIN)
def anyone_joins_public_room(viewer: Viewer, conversation: Conversation, membership: ChatMember | None) -> bool:
    """Whoever may know of a public room may join it while it is not archived."""
    return viewer.is_member and membership is None and conversation.is_public and conversation.archived_at is None


@permission(ChatPermission.LEAVE)
def member_may_leave(_viewer: Viewer, conversation: Conversation, membership: ChatMember | None) -> bool:
    """A conversation of two is nobody's to leave: it can be muted."""
    return membership is not None and conversation.kind is not ConversationKind.DIRECT


@permission(ChatPermission.INVITE)
def members_bring_others(_viewer: Viewer, conversation: Conversation, membership: ChatMember | None) -> bool:
    """Members bring others into public rooms and group conversations; into a private room only its owners do."""
    if membership is None or conversation.archived_at is not None or conversation.kind is ConversationKind.DIRECT:
        return False
    is_private_room = conversation.kind is ConversationKind.ROOM and not conversation.is_public
    return not is_private_room or membership.role is ChatRole.OWNER


@permission(ChatPermission.SEND)
def members_send(_viewer: Viewer, conversation: Conversation, membership: ChatMember | None) -> bool:
    """Only those who are in it say something, and nobody once it is archived."""
    return membership is not None and conversation.archived_at is None


@permission(ChatPermission.EDIT)
def sender_edits(viewer: Viewer, message: Message, membership: ChatMember | None) -> bool:
    """Nobody changes somebody else's words, and who is no longer in it nothing at all."""
    return membership is not None and viewer.id == message.author_id


@permission(ChatPermission.DELETE)
def sender_or_owner_deletes(viewer: Viewer, message: Message, membership: ChatMember | None) -> bool:
    """The sender, and an owner of the room."""
    if membership is None:
        return False
    return viewer.id == message.author_id or membership.role is ChatRole.OWNER


@permission(ChatPermission.RESTORE)
def who_deleted_restores(viewer: Viewer, message: Message, membership: ChatMember | None) -> bool:
    """What an owner took away, its sender cannot bring back."""
    return membership is not None and viewer.id is not None and viewer.id == message.deleted_by_id


@permission(ChatPermission.MARK)
def members_mark(_viewer: Viewer, _conversation: Conversation, membership: ChatMember | None) -> bool:
    """Those who are in it react, pin, and follow threads."""
    return membership is not None


@permission(ChatPermission.ASK)
def members_ask_authors(viewer: Viewer, message: Message, membership: ChatMember | None) -> bool:
    """Those who are in it ask whether somebody else's words may leave it; for one's own nobody is asked."""
    return membership is not None and viewer.id != message.author_id


@permission(ChatPermission.ANSWER)
def author_answers(viewer: Viewer, message: Message, membership: ChatMember | None) -> bool:
    """Whose words they are decides, while they are in it."""
    return membership is not None and viewer.id == message.author_id
