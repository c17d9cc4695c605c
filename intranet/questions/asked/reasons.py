"""Why somebody is asked, in words: to themself, and to everybody who reads the question."""

from flask_babel import gettext as _

from intranet.questions.routing.models import AskedPerson, Why


def reason_for_me(row: AskedPerson, named_by: str = "") -> str:
    """Continues "You are being asked"; ``named_by`` is who passed it on, as the reader may know it."""
    topic = row.topic or str(_("what it is about"))
    return str(
        {
            Why.ANSWERED: lambda: _("because you answered questions about %(topic)s", topic=topic),
            Why.WROTE: lambda: _("because you wrote about %(topic)s", topic=topic),
            Why.ENDORSED: lambda: _("because colleagues vouch for you on %(topic)s", topic=topic),
            Why.NAMED: lambda: _("because you are named in connection with %(topic)s", topic=topic),
            Why.ASKED_FOR: lambda: _("because whoever asks named you"),
            Why.PASSED: lambda: _("because %(name)s says that you know it", name=named_by or _("a colleague")),
            Why.FOLLOWS: lambda: _("you follow a topic of it"),
            Why.STEWARD: lambda: _("you are a steward of topics"),
        }[row.why]()
    )


def reason(row: AskedPerson, named_by: str = "") -> str:
    """What stands below their name; of who passed it on their own words."""
    topic = row.topic or str(_("what this is about"))
    return str(
        {
            Why.ANSWERED: lambda: _("Answered questions about %(topic)s", topic=topic),
            Why.WROTE: lambda: _("Wrote about %(topic)s", topic=topic),
            Why.ENDORSED: lambda: _("Colleagues vouch for them on %(topic)s", topic=topic),
            Why.NAMED: lambda: _("Named in connection with %(topic)s", topic=topic),
            Why.ASKED_FOR: lambda: _("Asked for by name"),
            Why.PASSED: lambda: _("Named by %(name)s", name=named_by or _("a colleague")),
            Why.FOLLOWS: lambda: _("Follows a topic of it"),
            Why.STEWARD: lambda: _("Steward of topics"),
        }[row.why]()
    )
