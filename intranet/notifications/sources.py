"""What reaches a person, in words and in the order in which the settings list it."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext

from intranet.notifications.models import Source

PARTS: Sequence[tuple[str, Mapping[Source, tuple[str, str]]]] = (
    (
        lazy_gettext("Questions and answers"),
        {
            Source.ASKED: (lazy_gettext("Questions for you"), lazy_gettext("You are among the few who are asked")),
            Source.AROUND: (
                lazy_gettext("Open questions"),
                lazy_gettext("On topics that you follow, when nobody answered"),
            ),
            Source.ACCEPTED: (lazy_gettext("Accepted answers"), lazy_gettext("What you wrote solved a question")),
            Source.QUESTION_NEWS: (
                lazy_gettext("Questions you follow"),
                lazy_gettext("Each answer, and what solved them"),
            ),
        },
    ),
    (
        lazy_gettext("Said to you"),
        {
            Source.MENTION: (lazy_gettext("Mentions"), lazy_gettext("Somebody writes @ and your name")),
            Source.REPLY: (lazy_gettext("Replies to you"), lazy_gettext("Below your posts and comments")),
            Source.THREAD: (
                lazy_gettext("Where you took part"),
                lazy_gettext("Further replies to a post that you replied to"),
            ),
            Source.CHAT_DIRECT: (
                lazy_gettext("Messages to you"),
                lazy_gettext("From one or a few, not seen within a minute"),
            ),
            Source.CHAT_MENTION: (
                lazy_gettext("Mentions in chat"),
                lazy_gettext("That you did not see within a minute"),
            ),
            Source.REMIND_ME: (
                lazy_gettext("Messages to come back to"),
                lazy_gettext("At the time that you chose yourself"),
            ),
        },
    ),
    (
        lazy_gettext("About you"),
        {
            Source.PRAISED: (lazy_gettext("Praise"), lazy_gettext("Somebody praises you in a post")),
            Source.ENDORSED: (lazy_gettext("Vouched for you"), lazy_gettext("Somebody says that you know a topic")),
            Source.FOLLOWER: (lazy_gettext("New followers"), lazy_gettext("Somebody follows you")),
            Source.REACTION: (lazy_gettext("Reactions"), lazy_gettext("To your posts and comments")),
            Source.SHARED: (lazy_gettext("Passed on"), lazy_gettext("Somebody quotes a post of yours")),
            Source.SHARING_ASKED: (
                lazy_gettext("Your words outside"),
                lazy_gettext("May a message of yours become a post?"),
            ),
            Source.SHARING_ANSWERED: (
                lazy_gettext("Answers of authors"),
                lazy_gettext("Whether a message may become a post"),
            ),
        },
    ),
    (
        lazy_gettext("What you look out for"),
        {
            Source.NEW_POST: (lazy_gettext("New posts"), lazy_gettext("From groups, topics and people that you chose")),
            Source.KEYWORD: (
                lazy_gettext("Words you watch for"),
                lazy_gettext("In any post or reply that you may read"),
            ),
        },
    ),
    (
        lazy_gettext("Articles"),
        {
            Source.ARTICLE_DUE: (
                lazy_gettext("Articles to look at"),
                lazy_gettext("That you keep, once each review is due"),
            ),
            Source.ARTICLE_GIVEN: (
                lazy_gettext("Articles given to you"),
                lazy_gettext("Somebody asks you to keep one"),
            ),
            Source.ARTICLE_DIFFERENT: (
                lazy_gettext("Articles you keep"),
                lazy_gettext("A reader says what is different"),
            ),
            Source.ARTICLE_NEWS: (
                lazy_gettext("Articles you follow"),
                lazy_gettext("Changed, due, out of date, passed on"),
            ),
        },
    ),
    (
        lazy_gettext("The company and your groups"),
        {
            Source.ANNOUNCEMENT: (lazy_gettext("Announcements"), lazy_gettext("For everyone, or for a group of yours")),
            Source.REMINDER: (lazy_gettext("Reminders"), lazy_gettext("Of what you were asked to acknowledge")),
            Source.GROUP_ASKED: (lazy_gettext("Requests to join"), lazy_gettext("Groups that you own")),
            Source.GROUP_INVITED: (lazy_gettext("Invitations"), lazy_gettext("Somebody asks you into a group")),
            Source.GROUP_ANSWERED: (
                lazy_gettext("Answers to your requests"),
                lazy_gettext("Groups that you asked to join"),
            ),
        },
    ),
)
"""What a source is called, and when it speaks, under headings."""

SOURCES = {source: words for _name, part in PARTS for source, words in part.items()}
