"""The sentence and the sign of each source, before names and links are put into it."""

from collections.abc import Callable

from flask_babel import LazyString, lazy_gettext, ngettext
from flask_babel import gettext as _

from intranet.accounts.letters import ADDRESS_CHANGED
from intranet.notifications.models import LENT, Source

DEEDS = {
    Source.ASKED: lazy_gettext("Answer"),
    Source.AROUND: lazy_gettext("Answer"),
    Source.MENTION: lazy_gettext("Reply"),
    Source.REPLY: lazy_gettext("Reply"),
    Source.REMINDER: lazy_gettext("Read and acknowledge"),
    Source.ACCEPTED: lazy_gettext("See the answer"),
    Source.ARTICLE_DUE: lazy_gettext("Look it over"),
    Source.ARTICLE_DIFFERENT: lazy_gettext("Look it over"),
    Source.CHAT_MENTION: lazy_gettext("Open the conversation"),
    Source.CHAT_DIRECT: lazy_gettext("Open the conversation"),
    Source.REMIND_ME: lazy_gettext("Open the message"),
}
"""What there is to do about it, where a mail can say more than to open it."""

HINTS = {
    Source.ASKED: lazy_gettext("You are asked a question in a group of yours"),
    Source.AROUND: lazy_gettext("Nobody has answered a question in a group of yours"),
    Source.MENTION: lazy_gettext("You are named in a group of yours"),
    Source.REPLY: lazy_gettext("Somebody replied to you in a group of yours"),
    Source.ACCEPTED: lazy_gettext("An answer of yours was accepted in a group of yours"),
    Source.ANNOUNCEMENT: lazy_gettext("An announcement in a group of yours"),
    Source.REMINDER: lazy_gettext("An announcement in a group of yours waits for you to acknowledge it"),
    Source.ARTICLE_DUE: lazy_gettext("An article is to be looked at: is it still right?"),
    Source.ARTICLE_GIVEN: lazy_gettext("You are asked to keep an article"),
    Source.ARTICLE_DIFFERENT: lazy_gettext("Somebody says that something changed in an article that you keep"),
    Source.ARTICLE_NEWS: lazy_gettext("There is news of an article that you follow"),
    Source.CHAT_MENTION: lazy_gettext("You are named in a conversation of yours"),
    Source.CHAT_DIRECT: lazy_gettext("Somebody wrote to you in a conversation of yours"),
    Source.REMIND_ME: lazy_gettext("You wanted to come back to a message"),
}
"""What happened, in words that give away neither who nor what: for mails about what only some may read."""

GLYPHS = {
    Source.ASKED: "route",
    Source.AROUND: "question",
    Source.MENTION: "at",
    Source.REPLY: "reply",
    Source.THREAD: "reply",
    Source.SHARED: "route",
    Source.REACTION: "thanks",
    Source.ENDORSED: "star",
    Source.PRAISED: "star",
    Source.FOLLOWER: "people",
    Source.ANNOUNCEMENT: "horn",
    Source.ACCEPTED: "check",
    Source.REMINDER: "horn",
    Source.ARTICLE_DUE: "clock",
    Source.ARTICLE_GIVEN: "book",
    Source.ARTICLE_DIFFERENT: "book",
    Source.ARTICLE_NEWS: "book",
    Source.QUESTION_NEWS: "question",
    Source.KEYWORD: "search",
    Source.NEW_POST: "pencil",
    Source.CHAT_MENTION: "at",
    Source.CHAT_DIRECT: "chat",
    Source.SHARING_ASKED: "question",
    Source.SHARING_ANSWERED: "check",
    Source.GROUP_ASKED: "groups",
    Source.GROUP_INVITED: "groups",
    Source.GROUP_ANSWERED: "check",
    Source.INSPECTED: "eye",
    Source.INSPECTION_ASKED: "eye",
    Source.SECURITY: "key",
    Source.REMIND_ME: "clock",
    Source.CAME_BACK: "clock",
    Source.HIDDEN: "shield",
    Source.CLOSED: "shield",
    Source.GIVEN_BACK: "shield",
    Source.REPORT_ACTED: "flag",
    Source.REPORT_KEPT: "flag",
}

# What became of an article, by the last word of its thread.
_ARTICLE_NEWS: dict[str, Callable[[int, dict[str, str]], str]] = {
    "edited": lambda n, at: ngettext("%(who)s changed %(what)s", "%(who)s changed %(what)s", n, **at),
    "due": lambda _n, at: _("%(what)s, which you follow, is due for a review", **at),
    "retired": lambda n, at: ngettext(
        "%(who)s says that %(what)s is out of date", "%(who)s say that %(what)s is out of date", n, **at
    ),
    "handed-over": lambda _n, at: _("Somebody else keeps %(what)s from now on", **at),
}

# The same of a question.
_QUESTION_NEWS: dict[str, Callable[[int, dict[str, str]], str]] = {
    "answered": lambda n, at: ngettext(
        "%(who)s answered %(what)s, which you follow", "%(who)s answered %(what)s, which you follow", n, **at
    ),
    "solved": lambda _n, at: _("%(what)s, which you follow, is solved", **at),
}

# Each takes how many people did it and the places ``%(who)s`` and ``%(what)s``; the plural is other languages' need.
PATTERNS: dict[Source, Callable[[int, dict[str, str]], str]] = {
    Source.ASKED: lambda _n, at: _("%(what)s %(why)s", **at),
    Source.AROUND: lambda _n, at: _("%(what)s, and %(why)s", **at),
    Source.MENTION: lambda n, at: ngettext(
        "%(who)s mentioned you in %(what)s", "%(who)s mentioned you in %(what)s", n, **at
    ),
    Source.REPLY: lambda n, at: ngettext(
        "%(who)s replied to you in %(what)s", "%(who)s replied to you in %(what)s", n, **at
    ),
    Source.THREAD: lambda n, at: ngettext(
        "%(who)s also replied to %(what)s", "%(who)s also replied to %(what)s", n, **at
    ),
    Source.SHARED: lambda n, at: ngettext(
        "%(who)s passed on a post of yours", "%(who)s passed on a post of yours", n, **at
    ),
    Source.REACTION: lambda n, at: ngettext("%(who)s reacted to %(what)s", "%(who)s reacted to %(what)s", n, **at),
    Source.ENDORSED: lambda n, at: ngettext(
        "%(who)s vouched for you on %(what)s", "%(who)s vouched for you on %(what)s", n, **at
    ),
    Source.PRAISED: lambda n, at: ngettext(
        "%(who)s praised you in %(what)s", "%(who)s praised you in %(what)s", n, **at
    ),
    Source.FOLLOWER: lambda n, at: ngettext("%(who)s follows you", "%(who)s follow you", n, **at),
    Source.ANNOUNCEMENT: lambda n, at: ngettext("%(who)s announced %(what)s", "%(who)s announced %(what)s", n, **at),
    Source.ACCEPTED: lambda n, at: ngettext(
        "%(who)s accepted your answer to %(what)s", "%(who)s accepted your answer to %(what)s", n, **at
    ),
    Source.REMINDER: lambda n, at: ngettext(
        "%(who)s waits for you to acknowledge %(what)s", "%(who)s wait for you to acknowledge %(what)s", n, **at
    ),
    Source.ARTICLE_DUE: lambda _n, at: (
        _("Whoever keeps %(what)s cannot look at it now: is it still right?", **at)
        if at["kind"] == LENT
        else _("You keep %(what)s: is it still right?", **at)
    ),
    Source.ARTICLE_GIVEN: lambda n, at: ngettext(
        "%(who)s asks you to keep %(what)s", "%(who)s ask you to keep %(what)s", n, **at
    ),
    Source.ARTICLE_DIFFERENT: lambda n, at: ngettext(
        "%(who)s says that something changed in %(what)s", "%(who)s say that something changed in %(what)s", n, **at
    ),
    Source.ARTICLE_NEWS: lambda n, at: _ARTICLE_NEWS[at["kind"]](n, at),
    Source.QUESTION_NEWS: lambda n, at: _QUESTION_NEWS[at["kind"]](n, at),
    Source.KEYWORD: lambda n, at: ngettext(
        "%(who)s wrote a word you watch for in %(what)s", "%(who)s wrote a word you watch for in %(what)s", n, **at
    ),
    Source.NEW_POST: lambda n, at: ngettext("%(who)s wrote %(what)s", "%(who)s wrote %(what)s", n, **at),
    Source.CHAT_MENTION: lambda n, at: ngettext(
        "%(who)s mentioned you in %(what)s", "%(who)s mentioned you in %(what)s", n, **at
    ),
    Source.CHAT_DIRECT: lambda n, at: ngettext(
        "%(who)s wrote to you in %(what)s", "%(who)s wrote to you in %(what)s", n, **at
    ),
    Source.SHARING_ASKED: lambda n, at: ngettext(
        "%(who)s asks whether your words in %(what)s may become a post",
        "%(who)s ask whether your words in %(what)s may become a post",
        n,
        **at,
    ),
    Source.SHARING_ANSWERED: lambda n, at: ngettext(
        "%(who)s answered whether their words in %(what)s may become a post",
        "%(who)s answered whether their words in %(what)s may become a post",
        n,
        **at,
    ),
    Source.GROUP_ASKED: lambda n, at: ngettext(
        "%(who)s would like to join %(what)s", "%(who)s would like to join %(what)s", n, **at
    ),
    Source.GROUP_INVITED: lambda n, at: ngettext(
        "%(who)s invited you to %(what)s", "%(who)s invited you to %(what)s", n, **at
    ),
    Source.SECURITY: lambda _n, at: at["what"],
    Source.INSPECTED: lambda n, at: ngettext("%(who)s may read %(what)s", "%(who)s may read %(what)s", n, **at),
    Source.INSPECTION_ASKED: lambda n, at: ngettext(
        "%(who)s asks you to agree to reading %(what)s", "%(who)s ask you to agree to reading %(what)s", n, **at
    ),
    Source.GROUP_ANSWERED: lambda _n, at: _("Your request to join %(what)s was answered", **at),
    Source.REMIND_ME: lambda _n, at: _("You wanted to come back to a message in %(what)s", **at),
    Source.CAME_BACK: lambda _n, at: _("%(what)s could not go out", **at),
    Source.HIDDEN: lambda _n, at: _("Moderators hid %(what)s", **at),
    Source.CLOSED: lambda _n, at: _("Moderators closed %(what)s", **at),
    Source.GIVEN_BACK: lambda _n, at: _("Moderators took back what they decided about %(what)s", **at),
    Source.REPORT_ACTED: lambda _n, at: _("Moderators acted on %(what)s", **at),
    Source.REPORT_KEPT: lambda _n, at: _("Moderators looked at %(what)s and left it as it is", **at),
}

SECURITY: dict[str, LazyString] = {
    "account.password-changed": lazy_gettext("Your password was changed"),
    "account.address-changed": ADDRESS_CHANGED,
    "account.signed-in": lazy_gettext("Somebody signed in as you with a browser that is new here"),
    "account.token-made": lazy_gettext("A key was made with which a program acts as you"),
    "account.identity-connected": lazy_gettext("Your company’s sign-in was connected to your account"),
    "account.identity-dropped": lazy_gettext("Your company’s sign-in was disconnected from your account"),
    "account.factor-turned-on": lazy_gettext("Your second factor was turned on"),
    "account.factor-turned-off": lazy_gettext("Your second factor was turned off"),
    "account.factors-reset": lazy_gettext("Your second factor was taken away by whoever runs Couth here"),
    "account.recovery-codes-made": lazy_gettext("New recovery codes were made for you"),
    "account.recovery-code-used": lazy_gettext("A recovery code of yours was used to sign in"),
    "account.passkey-added": lazy_gettext("A passkey was added to your account"),
    "account.passkey-removed": lazy_gettext("A passkey was removed from your account"),
}
"""What changed about how somebody signs in, by the name of its event."""
