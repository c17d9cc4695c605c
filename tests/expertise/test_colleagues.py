"""The table of everybody that answers are narrowed with: read once, and then only what events name."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from intranet.accounts.actions import deactivate, get_person, reactivate
from intranet.expertise.colleagues import Colleagues, colleagues_now
from intranet.expertise.facets import Fresh, Narrower, Narrowing
from intranet.expertise.finding import Asked, find_experts
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.actions import ProfileDraft, save_profile
from intranet.search.index import Index
from search_index.expertise import NEVER
from tests.cast import Cast
from tests.search.writing import say


def move(database: Database, viewer: Viewer, **fields: Any) -> None:
    with database.unit_of_work(viewer) as session:
        save_profile(session, viewer, viewer.member_id, ProfileDraft(**fields))


def departments(known: Colleagues, *people: Viewer) -> list[str]:
    rows = known.table.rows(np.array([person.member_id for person in people]))
    return [known.departments.all[code] for code in known.table.department[rows].tolist()]


def test_a_changed_profile_is_known_with_the_next_question(index: Index, database: Database, cast: Cast) -> None:
    move(database, cast.alice, department="Plant")
    assert departments(colleagues_now(), cast.alice, cast.bob) == ["Plant", ""]
    move(database, cast.bob, department="Office", languages=("Deutsch", "English"))
    known = colleagues_now()
    assert departments(known, cast.alice, cast.bob) == ["Plant", "Office"]
    row = known.table.rows(np.array([cast.bob.member_id]))
    assert known.languages.all[int(known.table.speaks[row][0])] == ("Deutsch", "English")


def test_a_leaver_is_left_out_at_once_and_named_again_when_back(index: Index, database: Database, cast: Cast) -> None:
    for viewer in (cast.alice, cast.bob):
        say(database, viewer, "valve")
    assert find_experts(cast.carol, Asked("valve")).experts.total == 2
    with database.unit_of_work(cast.dana) as session:
        deactivate(session, cast.dana, get_person(session, cast.alice.member_id))
    answer = find_experts(cast.carol, Asked("valve", with_facets=True))
    assert [expert.person_id for expert in answer.experts.items] == [cast.bob.id]
    assert (answer.experts.total, answer.unfiltered) == (1, 1)
    with database.unit_of_work(cast.dana) as session:
        reactivate(session, cast.dana, get_person(session, cast.alice.member_id))
    assert find_experts(cast.carol, Asked("valve")).experts.total == 2


def test_somebody_unknown_is_nobody(index: Index, cast: Cast) -> None:
    narrower = Narrower(colleagues_now(), np.empty(0, np.int64), Narrowing(), with_facets=True)
    wanted = narrower(np.array([cast.bob.member_id, 2**60]), np.array([NEVER, NEVER]))
    assert wanted.tolist() == [True, False]
    assert narrower.everybody == 1


@pytest.mark.parametrize(("fresh", "count"), [(Fresh.ANY, 2), (Fresh.YEAR, 1), (Fresh.MONTH, 0)])
def test_each_age_is_counted_as_it_would_leave(index: Index, cast: Cast, fresh: Fresh, count: int) -> None:
    long_ago = int((clock.now() - timedelta(days=100)).timestamp() * 1000)
    narrower = Narrower(colleagues_now(), np.empty(0, np.int64), Narrowing(fresh=fresh), with_facets=True)
    wanted = narrower(np.array([cast.alice.member_id, cast.bob.member_id]), np.array([long_ago, NEVER]))
    assert np.count_nonzero(wanted) == count
    assert [(choice.value, choice.count) for choice in narrower.facets.fresh] == [
        (Fresh.MONTH, 0),
        (Fresh.YEAR, 1),
        (Fresh.ANY, 2),
    ]
