"""Writing the guidelines, publishing a version, agreeing to one."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.actions import get_person
from intranet.accounts.models import SiteSetting
from intranet.accounts.sessions import GUIDELINES_IN_FORCE
from intranet.governance.guidelines.events import GuidelinesAccepted, GuidelinesPublished
from intranet.governance.guidelines.models import DRAFT, LONGEST_SUMMARY, LONGEST_TEXT, Acceptance, Guidelines
from intranet.governance.guidelines.queries import in_force
from intranet.governance.policy import GovernancePermission
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, clean_text, render_markdown
from intranet.kernel.viewer import Viewer


def save_draft(session: Session, viewer: Viewer, text: str, summary: str) -> Guidelines:
    """Keep what shall become the next version; nobody but moderators reads it.

    Raises:
        Refused: the viewer is no moderator.
        Invalid: it is empty or too long.
    """
    require(GovernancePermission.WRITE_GUIDELINES, viewer)
    text, summary = _checked(text, summary)
    html = render_markdown(text).html
    row = session.get(Guidelines, DRAFT)
    if row is None:
        row = Guidelines(number=DRAFT, text=text, html=html, written_by_id=viewer.member_id)
        session.add(row)
    row.text, row.html, row.summary, row.written_by_id = text, html, summary, viewer.member_id
    return row


def _checked(text: str, summary: str) -> tuple[str, str]:
    text, summary, problems = clean_text(text), clean_line(summary), {}
    if not text:
        problems["text"] = str(_("This cannot be empty."))
    if len(text) > LONGEST_TEXT:
        problems["text"] = str(_("At most %(count)s characters.", count=LONGEST_TEXT))
    if len(summary) > LONGEST_SUMMARY:
        problems["summary"] = str(_("At most %(count)s characters.", count=LONGEST_SUMMARY))
    if problems:
        raise Invalid(problems)
    return text, summary


def publish(session: Session, viewer: Viewer, text: str, summary: str) -> int:
    """Put a version in force: from its next visit on, everybody is asked to agree. Who publishes it, agrees by that.

    Raises:
        Refused: the viewer is no moderator.
        Invalid: it says nothing, says nothing new, or does not say what changed.
    """
    require(GovernancePermission.WRITE_GUIDELINES, viewer)
    text, summary = _checked(text, summary)
    holding = in_force(session)
    if holding and not summary:
        raise Invalid({"summary": str(_("Say in a sentence what changed: people read it before they agree."))})
    if holding and session.get_one(Guidelines, holding).text == text:
        raise Invalid({"text": str(_("These are the guidelines that hold already."))})
    number = (session.scalar(select(func.max(Guidelines.number))) or DRAFT) + 1
    html = render_markdown(text).html
    session.add(Guidelines(number=number, text=text, html=html, summary=summary, written_by_id=viewer.member_id))
    draft = session.get(Guidelines, DRAFT)
    if draft is not None:
        session.delete(draft)
    setting = session.get(SiteSetting, GUIDELINES_IN_FORCE)
    if setting is None:
        session.add(SiteSetting(name=GUIDELINES_IN_FORCE, value=number))
    else:
        setting.value = number
    session.flush()
    record(session, GuidelinesPublished(number, viewer.id))
    agree(session, viewer, number)
    return number


def agree(session: Session, viewer: Viewer, number: int) -> None:
    """Agree to the version that holds; again changes nothing.

    Raises:
        Conflict: another version holds by now: it must be read first.
    """
    if number != in_force(session) or not number:
        raise Conflict("these are not the guidelines that hold")
    if session.get(Acceptance, (number, viewer.member_id)) is not None:
        return
    session.add(Acceptance(number=number, person_id=viewer.member_id))
    get_person(session, viewer.member_id).agreed_to = number
    record(session, GuidelinesAccepted(number, viewer.member_id, viewer.id))
