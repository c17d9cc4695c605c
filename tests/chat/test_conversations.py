"""Beginning conversations, coming in and going."""

import pytest
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat import actions, queries
from intranet.chat.models import ChatMember, ChatRole, Conversation
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind
from intranet.kernel import audience, clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.viewer import Viewer
from intranet.people.apart import actions as apart
from tests.cast import SYSTEM, Cast, add_person
from tests.chat.conftest import Talk


def test_two_people_have_one_conversation_whoever_begins(talk: Talk, cast: Cast) -> None:
    first = talk.direct(cast.alice, "bob")
    assert talk.direct(cast.alice, "bob") == talk.direct(cast.bob, "alice") == first
    assert talk.direct(cast.alice, "carol") != first


def test_a_few_people_have_a_conversation_without_a_name(talk: Talk, cast: Cast) -> None:
    chat = talk.direct(cast.alice, "bob", "carol")
    card = talk.look(cast.carol, lambda s: queries.conversation_card(s, cast.carol, chat))
    assert (card.kind, card.member_count, card.title(cast.carol.id)) == ("group", 3, "Alice, Bob")


@pytest.mark.parametrize(
    ("named", "words"),
    [((), "colleague"), (("alice",), "colleague"), (("erin",), "Erin Example has left"), (("nobody",), "nobody")],
)
def test_one_writes_to_colleagues_who_are_here(talk: Talk, cast: Cast, named: tuple[str, ...], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        talk.direct(cast.alice, *named)
    assert words in refused.value.fields["people"]


def test_everybody_finds_and_joins_a_public_room(talk: Talk, cast: Cast) -> None:
    room = talk.room(cast.alice, "Ingest v3")
    talk.say(cast.alice, room, "before carol")
    assert talk.texts(cast.carol, room) == ["before carol"]  # readable, not joined
    with pytest.raises(Refused):
        talk.say(cast.carol, room)
    talk.do(cast.carol, actions.join_room, room)
    talk.do(cast.carol, actions.join_room, room)
    talk.say(cast.carol, room, "me too")
    card = talk.look(cast.bob, lambda s: queries.conversation_card(s, cast.bob, room))
    assert (card.member_count, card.place) == (2, None)
    assert talk.unread(cast.carol, room) == (0, 0)  # what was said before one came counts as read


def test_public_rooms_are_told_apart_by_name_and_private_ones_stand_in_nobodys_way(talk: Talk, cast: Cast) -> None:
    talk.room(cast.alice, "Lunch")
    talk.room(cast.bob, "secret plans", is_public=False)
    with pytest.raises(Invalid, match="already"):
        talk.room(cast.carol, "#lunch")
    talk.room(cast.carol, "Secret plans")


def test_only_owners_bring_others_into_a_private_room(talk: Talk, cast: Cast) -> None:
    room = talk.room(cast.alice, "plans", is_public=False, people=("bob",))
    with pytest.raises(Refused):
        talk.do(cast.bob, actions.bring_in, room, ["carol"])
    with pytest.raises(NotFound):
        talk.do(cast.carol, actions.join_room, room)
    assert talk.do(cast.alice, actions.bring_in, room, ["carol", "bob"]) == 1
    assert talk.texts(cast.carol, room) == []
    talk.say(cast.carol, room, "thanks")


def test_members_bring_others_into_a_public_room_and_nobody_into_a_conversation_of_two(talk: Talk, cast: Cast) -> None:
    room, two = talk.room(cast.alice), talk.direct(cast.alice, "bob")
    talk.do(cast.alice, actions.bring_in, room, ["bob"])
    talk.do(cast.bob, actions.bring_in, room, ["carol"])
    with pytest.raises(Refused):
        talk.do(cast.alice, actions.bring_in, two, ["carol"])
    with pytest.raises(Refused):
        talk.do(cast.alice, actions.leave, two)


def test_leaving_takes_the_room_out_of_sight_and_moves_the_sockets(talk: Talk, cast: Cast, database: Database) -> None:
    room = talk.room(cast.alice, "plans", is_public=False, people=("bob",))
    talk.say(cast.alice, room, "for bob @bob")
    with database.unit_of_work(cast.bob) as session:
        actions.leave(session, cast.bob, room)
        kinds = [row.type for row in session.info["events"]]
        assert kinds == ["rooms.changed", "conversation.gone", "conversation.member-left"]
    assert talk.look(cast.bob, lambda s: s.get(Conversation, room)) is None
    assert talk.heard(cast.bob, room) == []
    with pytest.raises(NotFound):
        talk.say(cast.bob, room)


def test_a_room_whose_last_owner_leaves_is_kept_by_the_eldest(talk: Talk, cast: Cast) -> None:
    room = talk.room(cast.alice, people=("bob", "carol"))
    talk.do(cast.alice, actions.leave, room)
    roles = talk.look(
        cast.bob, lambda s: {p: s.get_one(ChatMember, (room, p)).role for p in (cast.bob.id, cast.carol.id)}
    )
    assert list(roles.values()).count(ChatRole.OWNER) == 1


def test_owners_take_out_rename_and_archive_and_members_do_not(talk: Talk, cast: Cast) -> None:
    room = talk.room(cast.alice, people=("bob", "carol"))
    for action, args, named in (
        (actions.remove_member, (cast.carol.id,), {}),
        (actions.change_room, (), {"name": "mine"}),
        (actions.archive_room, (), {"is_archived": True}),
        (actions.set_role, (cast.bob.id, ChatRole.OWNER), {}),
    ):
        with pytest.raises(Refused):
            talk.do(cast.bob, action, room, *args, **named)
    with pytest.raises(Refused):
        talk.do(cast.alice, actions.set_role, room, cast.alice.member_id, ChatRole.MEMBER)
    talk.do(cast.alice, actions.remove_member, room, cast.carol.member_id)
    talk.do(cast.alice, actions.change_room, room, name="Welders", topic="sparks")
    talk.do(cast.alice, actions.archive_room, room, is_archived=True)
    card = talk.look(cast.bob, lambda s: queries.conversation_card(s, cast.bob, room))
    assert (card.name, card.topic, card.is_archived, card.member_count) == ("Welders", "sparks", True, 2)
    with pytest.raises(Refused):
        talk.say(cast.bob, room)


def test_no_admin_keeps_a_room_from_outside(talk: Talk, cast: Cast) -> None:
    room = talk.room(cast.alice)
    with pytest.raises(Refused):
        talk.do(cast.dana, actions.archive_room, room, is_archived=True)


def test_a_room_of_a_group_is_its_groups_and_leaving_the_group_leaves_the_room(talk: Talk, cast: Cast) -> None:
    draft = groups.GroupDraft(name="Guild", kind=GroupKind.CLOSED)
    group = talk.do(cast.alice, groups.found_group, draft).id
    room = talk.room(cast.alice, "guild talk", group_id=group)
    talk.say(cast.alice, room, "inside")
    assert talk.look(cast.carol, lambda s: s.get(Conversation, room)) is None
    with pytest.raises(Refused):
        talk.room(
            cast.carol, "intruders", group_id=talk.do(cast.bob, groups.found_group, groups.GroupDraft(name="Open")).id
        )
    with pytest.raises(Invalid, match="group"):
        talk.do(cast.alice, actions.bring_in, room, ["bob"])
    talk.do(cast.alice, _take_into_group, group, cast.bob.member_id)
    talk.do(cast.bob, actions.join_room, room)
    assert talk.texts(cast.bob, room) == ["inside"]
    talk.do(cast.alice, groups.remove_member, group, cast.bob.member_id)
    assert talk.heard(cast.bob, room) == []
    assert talk.look(SYSTEM, lambda s: room in audience.joined_ids(s, cast.bob.member_id)) is False


def _take_into_group(session: Session, viewer: Viewer, group_id: int, person_id: int) -> None:
    groups.take_in(session, session.get_one(Group, group_id), person_id, actor_id=viewer.id)


def test_a_conversation_of_many_is_a_room(talk: Talk, cast: Cast, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for number in range(30):
            add_person(session, f"extra{number}")
    with pytest.raises(Invalid, match="room"):
        talk.direct(cast.alice, *(f"extra{number}" for number in range(30)))


def test_who_has_left_the_company_gets_no_messages(talk: Talk, cast: Cast, database: Database) -> None:
    two = talk.direct(cast.alice, "bob")
    with database.unit_of_work(SYSTEM) as session:
        session.get_one(Person, cast.bob.member_id).deactivated_at = clock.now()
    with pytest.raises(Refused):
        talk.say(cast.alice, two)


def test_people_who_block_each_other_do_not_write_to_each_other_nor_read_each_other_in_rooms(
    talk: Talk, cast: Cast
) -> None:
    two, room = talk.direct(cast.alice, "bob"), talk.room(cast.alice, people=("bob", "carol"))
    talk.say(cast.alice, room, "from alice @bob")
    talk.do(cast.bob, apart.block, cast.alice.member_id, is_on=True)
    talk.do(cast.bob, apart.block, cast.carol.member_id, is_on=True)
    for viewer in (cast.alice, cast.bob):
        with pytest.raises(Refused):
            talk.say(viewer, two)
    with pytest.raises(Refused):
        talk.direct(cast.carol, "bob")
    assert talk.heard(cast.bob, room) == []
    assert talk.unread(cast.bob, room) == (0, 0)
    assert talk.texts(cast.carol, room) == ["from alice @bob"]
