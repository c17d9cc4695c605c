"""Chat as pages: the list, a conversation, its thread and its members. Each works as plain forms and redirects."""

from intranet.chat.pages import asking, conversation, forwarding, links, messages, rooms, settings
from intranet.chat.pages.badge import nav_link

__all__ = ["asking", "conversation", "forwarding", "links", "messages", "nav_link", "rooms", "settings"]
