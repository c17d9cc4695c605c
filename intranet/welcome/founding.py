"""The three steps of whoever is the first one in: name the place, invite a few, bring HR's list."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts import links
from intranet.accounts.letters import mail_invitation
from intranet.accounts.models import Person
from intranet.accounts.queries import site
from intranet.governance.actions import change_site
from intranet.kernel import jobs
from intranet.kernel.batches import in_batches
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid
from intranet.kernel.policy import ADMIN
from intranet.kernel.runtime import runtime
from intranet.kernel.text import clean_line
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer, system
from intranet.people.hr_file import BadFile, BadRow, HrRow, rows_in
from intranet.people.importing import bring_in_line
from intranet.welcome import actions
from intranet.welcome.views import feature, page

BRING = "welcome.bring-people"
MOST_INVITED, LARGEST_LIST, _SHOWN = 20, 1_000_000, 20
_LONGEST_NAME = 60


@feature.get("/start/company", allow=ADMIN)
def company(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """What the place is called."""
    return page("company", typed=site(session).name)


@feature.post("/start/company", allow=ADMIN)
def save_company(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Name it, and go on."""
    name = clean_line(request.form.get("name", "")[:1000])
    if not name or len(name) > _LONGEST_NAME:
        problem = {"name": _("A name has 1 to %(count)s characters.", count=_LONGEST_NAME)}
        return page("company", typed=name, errors=problem), 422
    change_site(session, viewer, "name", name)
    actions.go_to(session, viewer, "invite")
    return redirect("/start/invite", 303)


@feature.get("/start/invite", allow=ADMIN)
def invite(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Work addresses, one a line."""
    return _invite()


@feature.post("/start/invite", allow=ADMIN)
def send_invitations(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """A link for each address, by mail where that reaches people, and shown this once to be handed over."""
    typed = request.form.get("addresses", "")[:10_000]
    given = list(dict.fromkeys(part.lower() for part in typed.replace(",", " ").replace(";", " ").split()))
    try:
        _check_addresses(session, given)
    except Invalid as invalid:
        return _invite(typed=typed, errors=invalid.fields), 422
    paths = {email: links.invite(session, viewer, email=email, roles=()) for email in given}
    for email, path in paths.items():
        mail_invitation(session, viewer, to=email, path=path)
    invited = [(email, runtime().settings.address + path) for email, path in paths.items()]
    actions.go_to(session, viewer, "list")
    return _invite(invited=invited)


def _invite(**shown: Any) -> str:
    return page("invite", **{"typed": "", "invited": [], "mails": runtime().settings.sends_mail, **shown})


def _check_addresses(session: Session, given: list[str]) -> None:
    if not given:
        raise Invalid({"addresses": _("Write at least one address, or skip this.")})
    if len(given) > MOST_INVITED:
        raise Invalid(
            {"addresses": _("At most %(count)s at a time. Everybody else can come in a week.", count=MOST_INVITED)}
        )
    for email in given:
        name, _at, host = email.partition("@")
        if not name or "." not in host.strip(".") or len(email) > 254:
            raise Invalid({"addresses": _("“%(email)s” is no e-mail address.", email=email[:60])})
        try:
            accounts.check_free(session, username="", email=email)
        except Invalid as taken:
            raise Invalid({"addresses": f"{email}: {' '.join(taken.fields.values())}"}) from taken


@dataclass(frozen=True, slots=True)
class Listed:
    """HR's list as it was read; ``text`` is what it was read from."""

    text: str
    rows: tuple[HrRow, ...] = ()
    bad: tuple[BadRow, ...] = ()
    problem: str = ""


@feature.get("/start/list", allow=ADMIN)
def people_list(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """Choose the file."""
    return page("list", listed=None)


def _read_list(_viewer: Viewer) -> Listed:
    """The file that was chosen, or the text of the one that was looked at before."""
    upload = request.files.get("file")
    data = upload.stream.read(LARGEST_LIST + 1) if upload and upload.filename else b""
    data = data or request.form.get("rows", "").encode()
    if not data:
        return Listed("", problem=_("Choose a file first."))
    if len(data) > LARGEST_LIST:
        return Listed("", problem=_("Larger than 1 MB. Bring it at the console: flask --app wsgi people import."))
    try:
        text = data.decode("utf-8-sig")
        good, bad = run_blocking(rows_in, text)
    except UnicodeDecodeError:
        return Listed("", problem=_("This is not UTF-8. Save the file as “CSV UTF-8” and try again."))
    except BadFile as error:
        return Listed("", problem=str(error))
    return Listed(text, tuple(good), tuple(bad))


@feature.post("/start/list", allow=ADMIN, prepare=_read_list)
def bring_list(session: Session, viewer: Viewer, *, prepared: Listed) -> ResponseReturnValue:
    """Say what the list would change; with ``sure=1`` have the worker bring people in line with it."""
    if prepared.problem:
        return page("list", listed=None, errors={"file": prepared.problem}), 422
    if request.form.get("sure") == "1" and prepared.rows:
        jobs.later(session, BRING, {"text": prepared.text})
        actions.go_to(session, viewer, "you")
        count = len(prepared.rows)
        flash(ngettext("%(num)s person is being added.", "%(num)s people are being added.", count))
        return redirect("/start/you", 303)
    names = [row.username for row in prepared.rows]
    here = sum(
        len(session.scalars(select(Person.id).where(Person.username.in_(some))).all()) for some in in_batches(names)
    )
    fresh = len(names) - here
    return page("list", listed=prepared, fresh=fresh, here=here, shown=prepared.bad[:_SHOWN])


def _bring(database: Database, payload: dict[str, Any]) -> int:
    """Doing it twice changes nothing, so a crash in the middle does no harm."""
    rows, _bad = rows_in(str(payload["text"]))
    viewer = system(reason="welcome: HR's list, brought by the first administrator")
    report = bring_in_line(database, viewer, rows)
    return len(report.added)


@jobs.slow_job(BRING, _bring)
def brought(_session: Session, _payload: dict[str, Any], _added: int) -> None:
    """Everything is written in parts already."""
