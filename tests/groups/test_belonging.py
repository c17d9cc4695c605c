"""Founding a group, coming in and going, and what changes when its kind does."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from intranet.accounts.models import Person
from intranet.groups import actions, events, queries
from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole
from intranet.kernel import reach
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.rooms import AudienceNarrowed, RoomsChanged
from intranet.kernel.viewer import Viewer
from tests.cast import Cast
from tests.fixtures import Happens


def found(database: Database, viewer: Viewer, name: str = "Welding", kind: GroupKind = GroupKind.OPEN) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.found_group(session, viewer, actions.GroupDraft(name=name, kind=kind)).id


def run(database: Database, viewer: Viewer, action: Callable[..., object], *args: object, **named: object) -> object:
    with database.unit_of_work(viewer) as session:
        return action(session, viewer, *args, **named)


def members(database: Database, viewer: Viewer, group_id: int) -> list[int]:
    with database.reading(viewer) as session:
        return [line.person.id for line in queries.members_page(session, group_id).items]


def test_who_founds_a_group_keeps_it_and_reads_it(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.HIDDEN)
    with database.reading(cast.alice) as session:
        group = session.get_one(Group, group_id)
        assert (group.member_count, group.kind) == (1, GroupKind.HIDDEN)
        assert session.get_one(GroupMember, (group_id, cast.alice.id)).role is GroupRole.OWNER
        assert group_id in reach.readable_ids(session, cast.alice.id)


def test_a_hidden_group_is_missing_for_carol_and_its_address_cannot_be_guessed(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.HIDDEN)
    with database.reading(cast.carol) as session:
        assert session.get(Group, group_id) is None
        assert session.scalars(select(GroupMember)).all() == []
        assert queries.groups_starting(session, "weld") == []
    with database.reading(cast.alice) as session:
        assert session.get_one(Group, group_id).slug.startswith("welding-")
    assert found(database, cast.carol, "Welding") != group_id
    with database.reading(cast.carol) as session:
        assert [group.slug for group in session.scalars(select(Group))] == ["welding"]


def test_anybody_joins_what_is_open_and_hears_it_at_once(database: Database, cast: Cast, happens: Happens) -> None:
    group_id = found(database, cast.alice)
    said = happens(cast.carol, lambda session: actions.join_group(session, cast.carol, group_id))
    assert said == [
        RoomsChanged(cast.carol.member_id),
        events.MemberJoined(group_id, cast.carol.member_id, cast.carol.id, group_id),
    ]
    assert happens(cast.carol, lambda session: actions.join_group(session, cast.carol, group_id)) == []
    assert members(database, cast.bob, group_id) == [cast.alice.id, cast.carol.id]


def test_into_a_closed_group_one_is_let_by_an_owner(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.CLOSED)
    with pytest.raises(Refused):
        run(database, cast.carol, actions.join_group, group_id)
    run(database, cast.carol, actions.ask_to_join, group_id, words="I weld")
    with pytest.raises(Refused):
        run(database, cast.carol, actions.answer_request, group_id, cast.carol.id, let_in=True)
    with database.reading(cast.alice) as session:
        assert [(one.person.id, one.words) for one in queries.requests(session, group_id)] == [
            (cast.carol.id, "I weld")
        ]
    run(database, cast.alice, actions.answer_request, group_id, cast.carol.id, let_in=True)
    assert members(database, cast.carol, group_id) == [cast.alice.id, cast.carol.id]
    # To those outside only its owners show.
    assert members(database, cast.bob, group_id) == [cast.alice.id]


def test_who_is_declined_may_ask_again(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.CLOSED)
    run(database, cast.carol, actions.ask_to_join, group_id)
    run(database, cast.alice, actions.answer_request, group_id, cast.carol.id, let_in=False)
    with pytest.raises(NotFound):
        run(database, cast.alice, actions.answer_request, group_id, cast.carol.id, let_in=True)
    run(database, cast.carol, actions.ask_to_join, group_id)
    assert cast.carol.id not in members(database, cast.alice, group_id)


def test_a_guest_comes_into_a_hidden_group_by_invitation_alone(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.HIDDEN)
    with pytest.raises(NotFound):
        run(database, cast.carol, actions.ask_to_join, group_id)
    with pytest.raises(NotFound):
        run(database, cast.carol, actions.answer_invitation, group_id, accept=True)
    with database.unit_of_work(cast.alice) as session:
        carol = session.get_one(Person, cast.carol.id)
        assert actions.invite(session, cast.alice, group_id, [carol]) == 1
        assert actions.invite(session, cast.alice, group_id, [carol]) == 0
    with database.reading(cast.carol) as session:
        assert [one.name for one in queries.invitations(session, cast.carol)] == ["Welding"]
        assert session.get(Group, group_id) is None
    run(database, cast.carol, actions.answer_invitation, group_id, accept=True)
    assert members(database, cast.carol, group_id) == [cast.alice.id, cast.carol.id]


def test_declining_an_invitation_leaves_no_trace(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.HIDDEN)
    with database.unit_of_work(cast.alice) as session:
        actions.invite(session, cast.alice, group_id, [session.get_one(Person, cast.carol.id)])
    run(database, cast.carol, actions.answer_invitation, group_id, accept=False)
    with database.reading(cast.carol) as session:
        assert queries.invitations(session, cast.carol) == []
        assert group_id not in reach.readable_ids(session, cast.carol.id)


def test_who_is_taken_out_reads_nothing_more(database: Database, cast: Cast, happens: Happens) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.CLOSED)
    run(database, cast.bob, actions.ask_to_join, group_id)
    run(database, cast.alice, actions.answer_request, group_id, cast.bob.id, let_in=True)
    said = happens(cast.alice, lambda s: actions.remove_member(s, cast.alice, group_id, cast.bob.member_id))
    assert RoomsChanged(cast.bob.member_id) in said
    with database.reading(cast.bob) as session:
        assert group_id not in reach.readable_ids(session, cast.bob.id)
        assert session.get_one(Group, group_id).member_count == 1


def test_the_last_owner_names_another_before_going(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice)
    run(database, cast.bob, actions.join_group, group_id)
    with pytest.raises(Refused):
        run(database, cast.alice, actions.leave_group, group_id)
    with pytest.raises(Refused):
        run(database, cast.alice, actions.set_role, group_id, cast.alice.id, GroupRole.MEMBER)
    run(database, cast.alice, actions.set_role, group_id, cast.bob.id, GroupRole.OWNER)
    run(database, cast.alice, actions.leave_group, group_id)
    assert members(database, cast.carol, group_id) == [cast.bob.id]


def test_a_group_that_everybody_left_is_archived(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice)
    run(database, cast.alice, actions.leave_group, group_id)
    with database.reading(cast.carol) as session:
        assert session.get_one(Group, group_id).archived_at is not None
    with pytest.raises(Refused):
        run(database, cast.carol, actions.join_group, group_id)


def test_closing_a_group_takes_effect_at_once(database: Database, cast: Cast, happens: Happens) -> None:
    group_id = found(database, cast.alice)
    run(database, cast.bob, actions.join_group, group_id)
    closed = actions.GroupDraft(name="Welding", kind=GroupKind.CLOSED)
    said = happens(cast.alice, lambda session: actions.change_group(session, cast.alice, group_id, closed))
    assert AudienceNarrowed(group_id) in said
    with database.reading(cast.carol) as session:
        assert group_id not in reach.readable_ids(session, cast.carol.id)
    assert members(database, cast.carol, group_id) == [cast.alice.id]
    assert members(database, cast.bob, group_id) == [cast.alice.id, cast.bob.id]


def test_opening_a_group_lets_in_who_waits(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.CLOSED)
    run(database, cast.carol, actions.ask_to_join, group_id)
    run(database, cast.alice, actions.change_group, group_id, actions.GroupDraft(name="Welding", kind=GroupKind.OPEN))
    assert members(database, cast.bob, group_id) == [cast.alice.id, cast.carol.id]


def test_hiding_a_group_hides_everything_about_it(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice)
    run(database, cast.alice, actions.change_group, group_id, actions.GroupDraft(name="Welding", kind=GroupKind.HIDDEN))
    with database.reading(cast.carol) as session:
        assert session.get(Group, group_id) is None
        assert session.scalars(select(GroupMember)).all() == []


@pytest.mark.parametrize("name", ["", "   ", "!!!", "x" * 81])
def test_a_group_needs_a_name_that_can_be_read(database: Database, cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        found(database, cast.alice, name)
    assert list(caught.value.fields) == ["name"]


def test_plain_members_keep_nothing(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice)
    run(database, cast.bob, actions.join_group, group_id)
    for viewer in (cast.bob, cast.carol, cast.dana):
        with pytest.raises(Refused):
            run(database, viewer, actions.change_group, group_id, actions.GroupDraft(name="Mine"))
        with pytest.raises(Refused):
            run(database, viewer, actions.remove_member, group_id, cast.alice.id)
        with pytest.raises(Refused):
            run(database, viewer, actions.archive_group, group_id, is_archived=True)


def test_nobody_comes_into_an_archived_group_who_asked_or_was_asked_before(database: Database, cast: Cast) -> None:
    group_id = found(database, cast.alice, kind=GroupKind.CLOSED)
    run(database, cast.carol, actions.ask_to_join, group_id)
    with database.unit_of_work(cast.alice) as session:
        actions.invite(session, cast.alice, group_id, [session.get_one(Person, cast.bob.id)])
    run(database, cast.alice, actions.archive_group, group_id, is_archived=True)
    with pytest.raises(Refused):
        run(database, cast.bob, actions.answer_invitation, group_id, accept=True)
    with pytest.raises(Refused):
        run(database, cast.alice, actions.answer_request, group_id, cast.carol.id, let_in=True)
    assert members(database, cast.alice, group_id) == [cast.alice.id]
    run(database, cast.bob, actions.answer_invitation, group_id, accept=False)
    run(database, cast.alice, actions.answer_request, group_id, cast.carol.id, let_in=False)
    run(database, cast.alice, actions.archive_group, group_id, is_archived=False)
    with pytest.raises(NotFound):
        run(database, cast.bob, actions.answer_invitation, group_id, accept=True)
