"""What makes the made-up company lived in: files on posts, a post for tomorrow, and guidelines that all agreed to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.demo import papers
from intranet.files.actions import Received, put_on_shelf, receive
from intranet.governance.guidelines.actions import publish
from intranet.governance.guidelines.models import Acceptance
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer
from intranet.posts.actions import PostDraft, publish_post
from intranet.posts.scheduled.actions import schedule_post

_REPORT = "What we would do differently.pdf"
_CHART = "broker-temperature.png"
_SHOWS = "A line over one night: 41 °C until midnight, up to 61 °C at two, and back to 42 °C by half past five."

_WARM = "This is what the replay did to one slightly warm broker last night. It calmed down by itself. #observability"
_DONE = "The report on the move to ingest v3 is done: three pages, the last one says who to ask. #kafka"

GUIDELINES = """## How we talk here

- **Ask in the open.** The next one who gets stuck finds your question, and its answer.
- **Be kind and be plain.** Speak about the work, not about the person.
- **Say how you know.** A log line is worth more than an opinion.
- **Customers are people.** No names, addresses or readings of theirs in posts that everybody reads.
- **Nobody has to answer at night.** Quiet hours are quiet.

Something is not right? *Report* stands in the menu of every post. A moderator looks at it within a working day, says
why something was taken away, and can give it back."""


def furnish(database: Database, people: Mapping[str, int], now: datetime, files: Path) -> None:
    """Through the product's own actions, as those who do it; ``files`` is where uploads are kept."""
    leila, noor, hannah = (Viewer(people[name]) for name in ("leila", "noor", "hannah"))
    chart, report = receive(files, _CHART, papers.temperatures()), receive(files, _REPORT, papers.report())
    database.transact(noor, lambda session: _post(session, noor, _WARM, chart, alt=_SHOWS))
    database.transact(leila, lambda session: _post(session, leila, _DONE, report))
    words = "Stand-down of the old consumers at ten. Say so here if you still need one. #kafka"
    fields = {"text": words, "kind": "update", "audience": str(EVERYONE)}
    database.transact(leila, lambda session: schedule_post(session, leila, fields, goes_at=_tomorrow(now)))
    speaker = Viewer(hannah.member_id, frozenset({Role.MEMBER, Role.MODERATOR}))
    database.transact(speaker, lambda session: _agree_on(session, speaker, people, now))


def _post(session: Session, author: Viewer, text: str, file: Received, *, alt: str = "") -> None:
    stored = put_on_shelf(session, author, file, alt=alt)
    publish_post(session, author, PostDraft(text=text, files=(stored.id,)))


def _tomorrow(now: datetime) -> datetime:
    return (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)


def _agree_on(session: Session, speaker: Viewer, people: Mapping[str, int], now: datetime) -> None:
    """In force for half a year, and agreed to by everybody: a visitor meets the place, not its door."""
    with clock.fixed(now - timedelta(days=180)):
        number = publish(session, speaker, GUIDELINES, "How we talk, and what happens when something is not right.")
    session.execute(update(Person).values(agreed_to=number))
    agreed = {"number": number, "accepted_at": now - timedelta(days=170)}
    rows = [{**agreed, "person_id": person_id} for person_id in people.values() if person_id != speaker.id]
    session.execute(insert(Acceptance), rows)
