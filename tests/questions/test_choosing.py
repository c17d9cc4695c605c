"""Who is asked now and when to look again, over invented people, hours, limits and wishes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet.notifications.quiet import Quiet
from intranet.posts.asking.models import Urgency
from intranet.questions.routing.choosing import WAVE, Candidate, choose, look_again, patience
from intranet.questions.routing.hours import USUAL, Week

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "America/Monterrey", "Asia/Seoul", "Asia/Kolkata", "Pacific/Chatham"]
ALWAYS = Week(ZoneInfo("UTC"), ((0, 24 * 60),) * 7)

_minutes = st.integers(0, 24 * 60 - 1)
_hours = st.one_of(st.none(), st.tuples(_minutes, _minutes).map(lambda pair: (min(pair), max(pair) + 1)))
_zones = st.sampled_from(ZONES).map(ZoneInfo)
_weeks = st.builds(Week, _zones, st.one_of(st.just(USUAL), st.tuples(*(_hours for _day in range(7)))))
_moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (the zone is given beside it)
_quiets = st.builds(
    Quiet,
    _zones,
    st.one_of(st.none(), _minutes),
    st.one_of(st.none(), _minutes),
    st.frozensets(st.integers(0, 6), max_size=3),
    st.one_of(st.none(), _moments),
)
_candidates = st.builds(
    Candidate,
    person_id=st.integers(1, 40),
    confidence=st.floats(0, 1),
    week=_weeks,
    may_read=st.booleans(),
    is_willing=st.booleans(),
    cap=st.integers(0, 8),
    asked=st.integers(0, 8),
    waiting=st.integers(0, 5),
    rests=st.one_of(st.none(), _quiets),
    away_until=st.one_of(st.none(), _moments),
    usual_reply=st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=20))),
)
_people = st.lists(_candidates, max_size=25, unique_by=lambda one: one.person_id)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_people, _moments, st.frozensets(st.integers(1, 40)), st.integers(1, 12), st.booleans())
def test_no_limit_no_quiet_hour_and_no_wish_is_ever_broken(
    people: list[Candidate], now: datetime, already: frozenset[int], most: int, is_near_only: bool
) -> None:
    wave = choose(people, now=now, already=already, most=most, is_near_only=is_near_only)
    by_id = {one.person_id: one for one in people}
    assert len(wave.asked) == len(set(wave.asked)) <= most
    for person_id in wave.asked:
        one = by_id[person_id]
        assert one.may_read
        assert one.is_willing
        assert one.asked < one.cap
        assert person_id not in already
        assert one.week.is_open(now)
        assert one.rests is None or not one.rests.holds_at(now)
        assert one.away_until is None or one.away_until <= now


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_people, _moments, st.frozensets(st.integers(1, 40)))
def test_whoever_is_spared_could_be_asked_and_is_free_when_it_is_said(
    people: list[Candidate], now: datetime, already: frozenset[int]
) -> None:
    wave = choose(people, now=now, already=already)
    by_id = {one.person_id: one for one in people}
    assert not {one.person_id for one in wave.spared} & set(wave.asked)
    for spared in wave.spared:
        one = by_id[spared.person_id]
        assert one.can_be_asked
        assert spared.person_id not in already
        assert spared.until > now
        assert one.is_free(spared.until)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_people, _moments)
def test_waves_after_one_another_ask_nobody_twice(people: list[Candidate], now: datetime) -> None:
    asked: list[int] = []
    for _wave in range(10):
        asked += choose(people, now=now, already=asked).asked
    assert len(asked) == len(set(asked))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_people, _moments, st.sampled_from(Urgency))
def test_the_next_look_lies_ahead_and_nobody_free_is_forgotten(
    people: list[Candidate], now: datetime, urgency: Urgency
) -> None:
    wave = choose(people, now=now)
    again = look_again(wave, urgency, people, now=now)
    if wave.asked or wave.spared:
        assert again is not None
        assert again > now
    else:
        assert again is None


@given(_weeks, _moments)
def test_a_week_opens_when_it_says_also_over_the_changes_of_the_clocks(week: Week, now: datetime) -> None:
    opens = week.opens_after(now)
    if opens is not None:
        assert opens >= now
        assert week.is_open(opens)
    assert week.monday(now) <= now


def candidate(person_id: int, confidence: float = 0.8, **more: Any) -> Candidate:
    return Candidate(person_id=person_id, confidence=confidence, week=ALWAYS, **more)


def test_the_surest_three_come_first() -> None:
    people = [candidate(one, confidence) for one, confidence in enumerate((0.5, 0.9, 0.7, 0.8, 0.6), start=1)]
    assert choose(people, now=MONDAY).asked == (2, 4, 3)


def test_whoever_was_asked_much_this_week_comes_after_somebody_nearly_as_sure() -> None:
    busy = candidate(1, 0.9, asked=2, waiting=1)
    others = [candidate(one, 0.6) for one in (2, 3, 4)]
    assert choose([busy, *others], now=MONDAY).asked == (2, 3, 4)


def test_somebody_far_less_likely_to_know_is_left_in_peace() -> None:
    assert choose([candidate(1, 0.9), candidate(2, 0.1)], now=MONDAY).asked == (1,)


def test_somebody_at_their_limit_is_passed_over_without_a_trace() -> None:
    wave = choose([candidate(1, 0.9, asked=5, cap=5), candidate(2, 0.8)], now=MONDAY)
    assert wave.asked == (2,)
    assert wave.spared == ()


def test_somebody_asleep_is_spared_until_their_day_begins() -> None:
    monterrey = Week(ZoneInfo("America/Monterrey"))
    asleep = Candidate(person_id=1, confidence=0.9, week=monterrey)
    wave = choose([asleep, candidate(2, 0.5)], now=MONDAY)
    assert wave.asked == (2,)
    assert [(one.person_id, one.until, one.is_asleep) for one in wave.spared] == [
        (1, datetime(2026, 11, 23, 15, tzinfo=UTC), True)
    ]


def test_why_somebody_is_spared_is_told_only_of_the_hour_and_never_of_a_snooze() -> None:
    snoozing = Quiet(ZoneInfo("UTC"), focusing_until=MONDAY + timedelta(hours=2))
    wave = choose([candidate(1, rests=snoozing)], now=MONDAY)
    assert [one.is_asleep for one in wave.spared] == [False]


def test_a_wave_gets_twice_what_its_people_usually_take_within_what_the_asker_can_wait() -> None:
    quick = [candidate(one, usual_reply=timedelta(minutes=40)) for one in range(WAVE)]
    slow = [candidate(one, usual_reply=timedelta(days=3)) for one in range(WAVE)]
    assert patience(Urgency.SOON, quick) == timedelta(minutes=80)
    assert patience(Urgency.SOON, slow) == timedelta(hours=6)
    assert patience(Urgency.NOW, slow) == timedelta(hours=1)
    assert patience(Urgency.WHENEVER, []) == timedelta(hours=12)
