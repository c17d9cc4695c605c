"""What the audit log's entries are called, for people."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from intranet.accounts.wording import WAYS

ACTIONS: dict[str, LazyString] = {
    "account.signed-in": _("Signed in"),
    "account.signed-out": _("Signed out"),
    "account.sign-in-refused": _("Refused a wrong password"),
    "account.company-sign-in-refused": _("Turned away somebody whom the company’s sign-in sent"),
    "account.identity-connected": _("Connected an account of the company’s sign-in"),
    "account.identity-dropped": _("Disconnected an account of the company’s sign-in"),
    "account.password-changed": _("Set a new password"),
    "account.address-changed": _("Changed an e-mail address"),
    "account.passkey-added": _("Added a passkey"),
    "account.passkey-renamed": _("Renamed a passkey"),
    "account.passkey-removed": _("Removed a passkey"),
    "account.passkey-refused": _("Refused a passkey"),
    "account.factor-turned-on": _("Turned on the second factor"),
    "account.factor-turned-off": _("Turned off the second factor"),
    "account.factors-reset": _("Took away a second factor"),
    "account.factor-refused": _("Refused a wrong code"),
    "account.recovery-codes-made": _("Made new recovery codes"),
    "account.recovery-code-used": _("Used a recovery code"),
    "account.link-made": _("Made a one-time link"),
    "account.link-used": _("Used a one-time link"),
    "account.link-withdrawn": _("Withdrew a one-time link"),
    "account.token-made": _("Made a token"),
    "account.token-dropped": _("Revoked a token"),
    "person.joined": _("Opened an account"),
    "person.renamed": _("Changed names"),
    "person.roles-changed": _("Changed roles"),
    "person.deactivated": _("Closed an account"),
    "person.reactivated": _("Opened an account again"),
    "site.changed": _("Changed a setting"),
    "inspection.asked": _("Asked to read a private conversation"),
    "inspection.decided": _("Decided whether a private conversation is read"),
    "inspection.opened": _("Read a private conversation"),
    "inspection.ended": _("Ended the reading of a private conversation"),
    "log.exported": _("Exported the log"),
    "group.founded": _("Founded a group"),
    "group.described": _("Changed what a group is called or about"),
    "group.kind-changed": _("Changed who may read a group"),
    "group.archived": _("Archived a group"),
    "group.reopened": _("Took a group out of the archive"),
    "group.role-changed": _("Changed who owns a group"),
    "group.member-joined": _("Let somebody into a group"),
    "group.member-left": _("Took somebody out of a group"),
    "post.removed": _("Took away what somebody wrote"),
    "post.given-back": _("Gave back what was taken away"),
    "post.frozen": _("Closed a post to replies"),
    "post.thawed": _("Opened a post to replies again"),
    "post.pinned": _("Pinned or unpinned a post"),
    "topic.described": _("Changed what a topic is called or about"),
    "topic.merged": _("Merged two topics"),
    "answer.accepted": _("Said what solved a question"),
    "answer.withdrawn": _("Took back what solved a question"),
    "question.asker-learned": _("Looked who asked without a name"),
    "article.made": _("Made an article of an answer"),
    "article.changed": _("Changed, checked or retired an article"),
    "article.handed-over": _("Had somebody else keep an article"),
    "question.linked": _("Said that a question was asked before"),
    "question.unlinked": _("Took apart two questions"),
    "letter.tried-again": _("Tried something undelivered again"),
    "letter.all-tried-again": _("Tried everything undelivered again"),
    "letter.let-go": _("Let go of something undelivered"),
    "letter.event-tried-again": _("Tried something undelivered again"),
    "letter.event-let-go": _("Let go of something undelivered"),
    "report.filed": _("Reported something"),
    "report.decided": _("Decided about a report"),
    "report.reopened": _("Took a decision back"),
    "person.succeeded": _("Passed on what somebody looked after"),
    "data.copy-asked": _("Asked for a copy of their data"),
    "data.copy-fetched": _("Took a copy of their data"),
    "data.erasure-asked": _("Asked to be deleted"),
    "data.erasure-withdrawn": _("Thought better of being deleted"),
    "data.erased": _("Was deleted as they wished"),
    "guidelines.published": _("Put guidelines in force"),
    "guidelines.accepted": _("Agreed to the guidelines"),
    "guidelines.list-exported": _("Exported who agreed to the guidelines"),
}

FACTS: dict[str, LazyString] = {
    "roles": _("Roles"),
    "purpose": _("For"),
    "address": _("From"),
    "name": _("Setting"),
    "version": _("Version"),
    "decision": _("Decision"),
    "reason": _("Reason"),
    "groups": _("Groups"),
    "reports": _("Reports"),
    "articles": _("Articles"),
    "group_id": _("Group"),
    "was_kind": _("Before"),
    "kind": _("Now"),
    "role": _("Role"),
    "was": _("Before"),
    "topic": _("Topic"),
    "way": _("By"),
}
"""The facts that say something to a reader; the others are numbers of rows, kept for programs."""

HIDDEN_GROUP = _("one that you do not see")

ROLES: dict[str, LazyString] = {
    "member": _("Member"),
    "steward": _("Topic steward"),
    "moderator": _("Moderator"),
    "communicator": _("Communicator"),
    "admin": _("Administrator"),
}

PURPOSES: dict[str, LazyString] = {
    "first-admin": _("the first administrator"),
    "invitation": _("an invitation"),
    "reset": _("a new password"),
}

DECISIONS: dict[str, LazyString] = {
    "nothing": _("Nothing wrong here"),
    "hide": _("Hidden"),
    "freeze": _("Closed to replies"),
    "approved": _("Approved"),
    "refused": _("Refused"),
}

KINDS: dict[str, LazyString] = {
    "open": _("Open"),
    "closed": _("Closed"),
    "hidden": _("Hidden"),
}

OWNING: dict[str, LazyString] = {
    "owner": _("Owner"),
    "member": _("Member"),
}

SETTINGS: dict[str, LazyString] = {
    "name": _("name of the place"),
    "logo": _("logo"),
    "locked_fields": _("fields kept by the personnel department"),
    "second_factor": _("who needs a second factor"),
}


_WORDS = {
    "purpose": PURPOSES,
    "name": SETTINGS,
    "decision": DECISIONS,
    "kind": KINDS,
    "was_kind": KINDS,
    "role": OWNING,
    "way": WAYS,
}


def fact(name: str, value: object) -> str:
    """One fact as people read it."""
    if name == "roles" and isinstance(value, list):
        return ", ".join(str(ROLES.get(role, role)) for role in value if role != "member") or str(ROLES["member"])
    words = _WORDS.get(name, {})
    return str(words.get(str(value), value))
