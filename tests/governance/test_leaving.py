"""What a leaver alone looked after passes to a successor, all at once, and nobody comes in where they were not."""

from collections.abc import Callable

import pytest

from intranet.accounts.actions import deactivate, make_token
from intranet.accounts.models import ApiToken, Person
from intranet.governance.leaving import queries
from intranet.governance.leaving.actions import Wishes, pass_on
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole
from intranet.kernel.audience import is_member
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, Invalid, Refused
from intranet.kernel.viewer import Role, Viewer
from intranet.people.actions import ProfileDraft, follow_person, own_row, save_profile
from intranet.people.models import Follow, Profile
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def owned(database: Database, owner: Viewer, kind: GroupKind, *members: Viewer) -> int:
    with database.unit_of_work(owner) as session:
        group = groups.found_group(session, owner, groups.GroupDraft(name=f"Secretly {kind.value}", kind=kind))
        for member in members:
            groups.take_in(session, group, member.member_id, actor_id=owner.id)
        return group.id


def leave(database: Database, cast: Cast, who: Viewer, wishes: Wishes) -> None:
    with database.unit_of_work(SYSTEM) as session:
        pass_on(session, cast.dana, session.get_one(Person, who.id), wishes)


def owners(database: Database, group_id: int) -> set[int]:
    with database.reading(SYSTEM) as session:
        members = session.query(GroupMember).filter_by(group_id=group_id, role=GroupRole.OWNER)
        return {member.person_id for member in members}


def test_an_open_group_gets_the_successor_as_its_owner(database: Database, cast: Cast) -> None:
    group_id = owned(database, cast.alice, GroupKind.OPEN, cast.carol)
    leave(database, cast, cast.alice, Wishes("bob"))
    assert owners(database, group_id) == {cast.bob.id}


def test_nobody_comes_into_a_closed_or_hidden_group_by_being_named(database: Database, cast: Cast) -> None:
    for kind in (GroupKind.CLOSED, GroupKind.HIDDEN):
        group_id = owned(database, cast.alice, kind, cast.carol)
        with database.unit_of_work(SYSTEM) as session:
            session.get_one(Person, cast.alice.id).deactivated_at = None
        leave(database, cast, cast.alice, Wishes("dana"))
        assert owners(database, group_id) == {cast.carol.id}
        with database.reading(SYSTEM) as session:
            assert not is_member(session, group_id, cast.dana.member_id)


def test_a_group_in_which_nobody_is_left_is_archived(database: Database, cast: Cast) -> None:
    group_id = owned(database, cast.alice, GroupKind.HIDDEN)
    leave(database, cast, cast.alice, Wishes("bob"))
    with database.reading(SYSTEM) as session:
        assert session.get_one(Group, group_id).archived_at is not None


def test_a_group_with_another_owner_is_left_alone(database: Database, cast: Cast) -> None:
    group_id = owned(database, cast.alice, GroupKind.OPEN, cast.carol)
    with database.unit_of_work(cast.alice) as session:
        groups.set_role(session, cast.alice, group_id, cast.carol.member_id, GroupRole.OWNER)
    leave(database, cast, cast.alice, Wishes("bob"))
    assert cast.bob.id not in owners(database, group_id)


def test_single_things_go_to_others(database: Database, cast: Cast) -> None:
    one, other = (owned(database, cast.alice, GroupKind.OPEN) for _ in range(2))
    leave(database, cast, cast.alice, Wishes("bob", {f"group-{one}": "carol"}))
    assert owners(database, one) == {cast.carol.id}
    assert owners(database, other) == {cast.bob.id}


def test_reports_get_a_new_manager_and_the_successor_the_leavers(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        own_row(session, cast.alice.member_id).manager_id = cast.dana.id
        for under in (cast.bob, cast.carol):
            save_profile(session, SYSTEM, under.member_id, ProfileDraft(manager="alice"))
    leave(database, cast, cast.alice, Wishes("bob"))
    with database.reading(SYSTEM) as session:
        assert session.get_one(Profile, cast.carol.id).manager_id == cast.bob.id
        assert session.get_one(Profile, cast.bob.id).manager_id == cast.dana.id


def test_a_lonely_role_passes_only_when_it_is_wished(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.alice.id).roles = [Role.STEWARD, Role.MODERATOR]
    leave(database, cast, cast.alice, Wishes("bob", roles=frozenset({"steward"})))
    with database.reading(SYSTEM) as session:
        assert session.get_one(Person, cast.bob.id).roles == ["steward"]


def test_sessions_and_tokens_end_and_it_is_on_record(
    database: Database, cast: Cast, happens: Callable[..., list[object]]
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        make_token(session, SYSTEM, session.get_one(Person, cast.alice.id), "a program")
    owned(database, cast.alice, GroupKind.OPEN)
    names = [
        type(happened).__name__
        for happened in happens(
            SYSTEM, lambda session: pass_on(session, cast.dana, session.get_one(Person, cast.alice.id), Wishes("bob"))
        )
    ]
    assert {"PersonDeactivated", "SocketsEnded", "SignedOut", "PersonSucceeded"} <= set(names)
    with database.reading(SYSTEM) as session:
        assert session.query(ApiToken).count() == 0


def test_it_can_be_done_for_somebody_who_was_closed_before_and_again(database: Database, cast: Cast) -> None:
    group_id = owned(database, cast.alice, GroupKind.OPEN)
    with database.unit_of_work(SYSTEM) as session:
        deactivate(session, cast.dana, session.get_one(Person, cast.alice.id))
    leave(database, cast, cast.alice, Wishes("bob"))
    leave(database, cast, cast.alice, Wishes("carol"))
    assert owners(database, group_id) == {cast.bob.id}
    with database.reading(SYSTEM) as session:
        assert queries.estate_of(session, session.get_one(Person, cast.alice.id)).groups == ()


def test_a_wrong_name_changes_nothing(database: Database, cast: Cast) -> None:
    group_id = owned(database, cast.alice, GroupKind.OPEN)
    for wishes, field in (
        (Wishes("nobody"), "successor"),
        (Wishes("erin"), "successor"),
        (Wishes("alice"), "successor"),
        (Wishes("bob", {f"group-{group_id}": "ghost"}), f"group-{group_id}"),
    ):
        with pytest.raises(Invalid) as wrong:
            leave(database, cast, cast.alice, wishes)
        assert set(wrong.value.fields) == {field}
    with pytest.raises(Conflict):
        leave(database, cast, cast.dana, Wishes("bob"))
    with database.reading(SYSTEM) as session:
        assert session.get_one(Person, cast.alice.id).deactivated_at is None
    assert owners(database, group_id) == {cast.alice.id}


def test_only_admins_do_it(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused), database.unit_of_work(SYSTEM) as session:
        pass_on(session, cast.bob, session.get_one(Person, cast.alice.id), Wishes("bob"))


def test_followers_are_offered_the_successor_and_follow_nobody_by_itself(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    for follower in (cast.carol, cast.dana):
        with database.unit_of_work(follower) as session:
            follow_person(session, follower, cast.alice.member_id)
    leave(database, cast, cast.alice, Wishes("bob"))
    with database.reading(cast.carol) as session:
        (offer,) = queries.offers(session, cast.carol.member_id)
        assert (offer.leaver.username, offer.successor.username) == ("alice", "bob")
        assert queries.offers(session, cast.bob.member_id) == []
    carol = as_viewer(cast.carol)
    assert "Alice Example has left. Bob carries on." in carol.get("/").text
    carol.post("/people/alice/successor", data={"accept": "1"})
    assert "Bob carries on" not in carol.get("/").text
    as_viewer(cast.dana).post("/people/alice/successor", data={"accept": "0"})
    with database.reading(SYSTEM) as session:
        follows = {(row.follower_id, row.target_id) for row in session.query(Follow)}
    assert follows == {(cast.carol.id, cast.bob.id)}


def test_the_page_counts_hidden_groups_and_does_not_name_them(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    owned(database, cast.alice, GroupKind.HIDDEN, cast.carol)
    open_id = owned(database, cast.alice, GroupKind.OPEN)
    dana = as_viewer(cast.dana)
    page = dana.get("/admin/people/alice/leaving").text
    assert "Secretly open" in page
    assert "One hidden group" in page
    assert "Secretly hidden" not in page
    wrong = dana.post("/admin/people/alice/leaving", data={"successor": "bob", f"group-{open_id}": "ghost"})
    assert wrong.status_code == 422
    assert 'value="ghost"' in wrong.text
    done = dana.post("/admin/people/alice/leaving", data={"successor": "bob"})
    assert done.status_code == 303
    assert owners(database, open_id) == {cast.bob.id}
