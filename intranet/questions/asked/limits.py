"""How often and when somebody wants to be asked: their own say, kept before anybody sees their name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.people.hours import zone_of
from intranet.people.models import Profile
from intranet.questions.events import AbsenceSaid
from intranet.questions.policy import QuestionPermission
from intranet.questions.routing.hours import USUAL
from intranet.questions.routing.models import AskingHours

MOST_A_WEEK = 50
_DAY = 24 * 60
_LONGEST_AWAY = timedelta(days=366)
Days = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Wished:
    """``back_on`` is the first day on which they are asked again."""

    per_week: int
    days: Days
    back_on: date | None


def read_wished(given: Mapping[str, str]) -> Wished:
    """From the form: ``per_week``, ``from-0`` to ``to-6`` as times of day (both empty: not that day), ``back_on``.

    Raises:
        Invalid: a number, time or day that cannot be, under its field.
    """
    per_week = read_per_week(given.get("per_week", ""))
    return Wished(per_week, tuple(_hours(given, day) for day in range(7)), _day(given.get("back_on", "")))


def read_per_week(number: str) -> int:
    """As it was typed.

    Raises:
        Invalid: no number, or one that cannot be, under ``per_week``.
    """
    if not (number.isascii() and number.isdigit() and len(number) <= 3 and int(number) <= MOST_A_WEEK):
        raise Invalid({"per_week": str(_("A number from 0 to %(most)s.", most=MOST_A_WEEK))})
    return int(number)


def _hours(given: Mapping[str, str], day: int) -> tuple[int, int] | None:
    begins, ends = _minutes(given, f"from-{day}"), _minutes(given, f"to-{day}")
    if begins is None and ends is None:
        return None
    ends = ends or (_DAY if ends == 0 else None)  # 00:00 ends a day at its midnight
    if begins is None or ends is None or begins >= ends:
        raise Invalid({f"to-{day}": str(_("Give a beginning and a later end, or neither."))})
    return begins, ends


def _minutes(given: Mapping[str, str], field: str) -> int | None:
    words = given.get(field, "")
    try:
        moment = time.fromisoformat(words) if words else None
    except ValueError:
        raise Invalid({field: str(_("A time of day, such as 18:30."))}) from None
    return moment.hour * 60 + moment.minute if moment is not None else None


def _day(words: str) -> date | None:
    try:
        found = date.fromisoformat(words) if words else None
    except ValueError:
        raise Invalid({"back_on": str(_("This cannot be read."))}) from None
    if found is not None and found > clock.now().date() + _LONGEST_AWAY:
        raise Invalid({"back_on": str(_("That is more than a year away."))})
    return found


def set_limits(session: Session, viewer: Viewer, wished: Wished) -> None:
    """Keep it; the next wave of any question obeys."""
    row = _own(session, viewer)
    row.per_week = wished.per_week
    row.week = None if wished.days == USUAL else [list(day) if day else None for day in wished.days]
    until = _morning(session, viewer, wished.back_on) if wished.back_on else None
    if until is not None and until != row.away_until:
        record(session, AbsenceSaid(viewer.member_id))
    row.away_until = until


def limit_week(session: Session, viewer: Viewer, per_week: int) -> None:
    """Keep how many questions a week, and leave the hours as they are."""
    _own(session, viewer).per_week = per_week


def _own(session: Session, viewer: Viewer) -> AskingHours:
    require(QuestionPermission.BE_ASKED, viewer)
    row = session.get(AskingHours, viewer.member_id)
    if row is None:
        row = AskingHours(person_id=viewer.member_id)
        session.add(row)
    return row


def _morning(session: Session, viewer: Viewer, day: date) -> datetime:
    name = session.scalar(select(Profile.timezone).where(Profile.person_id == viewer.member_id))
    return datetime.combine(day, time(), zone_of(name or "") or ZoneInfo("UTC"))
