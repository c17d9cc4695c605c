"""Reads of conversations and messages. The session's own filter keeps out what the viewer may not read."""

from intranet.chat.queries.conversations import (
    conversation_card,
    conversation_cards,
    conversations_page,
    direct_with,
    directory_page,
    my_conversations,
    rooms_starting,
)
from intranet.chat.queries.members import members_page
from intranet.chat.queries.messages import (
    Stretch,
    bookmarked_page,
    cards_of,
    message_card,
    message_cards,
    pinned,
    reaction_counts,
    stretch,
    thread_cards,
)
from intranet.chat.queries.unread import (
    Unread,
    first_unread,
    followed_threads,
    muted_conversations,
    places,
    thread_unread_count,
    unread_conversations,
    unread_of,
    unseen_by,
)

__all__ = [
    "Stretch",
    "Unread",
    "bookmarked_page",
    "cards_of",
    "conversation_card",
    "conversation_cards",
    "conversations_page",
    "direct_with",
    "directory_page",
    "first_unread",
    "followed_threads",
    "members_page",
    "message_card",
    "message_cards",
    "muted_conversations",
    "my_conversations",
    "pinned",
    "places",
    "reaction_counts",
    "rooms_starting",
    "stretch",
    "thread_cards",
    "thread_unread_count",
    "unread_conversations",
    "unread_of",
    "unseen_by",
]
