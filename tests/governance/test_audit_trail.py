"""Whoever acts upon others, or upon what belongs to all, leaves an entry in the audit log.

Every permission stands in one of two tables here: what it allows is tried and found in the log, or it says why nobody
but oneself is concerned. A new permission that stands in neither fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts import links
from intranet.accounts.models import Person
from intranet.chat.inspection import actions as inspection
from intranet.chat.inspection import models as inspections
from intranet.governance.actions import change_site
from intranet.governance.guidelines import actions as guidelines
from intranet.governance.leaving.actions import Wishes, pass_on
from intranet.governance.models import AuditEntry
from intranet.governance.queries import audit_page
from intranet.governance.reports import actions as reports
from intranet.governance.reports import reportable
from intranet.governance.reports.models import Decision, ReportReason
from intranet.groups import actions as groups
from intranet.groups.models import Group, GroupKind, GroupRole
from intranet.kernel import outbox, policy
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer
from intranet.posts import actions as posts
from intranet.posts.models import PostKind
from intranet.questions import actions as questions
from intranet.topics import actions as topics
from intranet.topics.merging import merge_topic
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast

OWN_MATTERS = {
    "accounts:person:edit-own": "oneself; what touches the account is audited all the same",
    "articles:article:follow": "oneself",
    "articles:article:edit": "every version stays, with who made it",
    "articles:article:keep": "its steps say who looked at it, retired it or handed it over",
    "articles:article:promote": "its steps begin with who made it",
    "articles:voice:say": "taking part: it bears its author's name",
    "chat:conversation:keep": "a conversation says itself what its owners did, and nobody outside reads it",
    "chat:conversation:start": "taking part",
    "chat:member:invite": "a conversation says itself who came",
    "chat:member:join": "taking part",
    "chat:member:leave": "oneself",
    "chat:message:answer": "one's own words",
    "chat:message:ask": "whose words they are decides",
    "chat:message:delete": "a conversation shows that something was taken away",
    "chat:message:edit": "one's own words",
    "chat:message:mark": "taking part",
    "chat:message:restore": "one's own words",
    "chat:message:send": "taking part",
    "core:anyone": "a gate",
    "core:member": "a gate",
    "core:steward": "a gate",
    "core:moderator": "a gate",
    "core:communicator": "a gate",
    "core:admin": "a gate",
    "groups:member:invite": "who is asked may say no",
    "groups:member:join": "oneself",
    "groups:member:list": "reading",
    "notifications:notice:keep": "oneself",
    "people:list:keep": "oneself",
    "people:person:follow": "oneself",
    "people:person:keep-apart": "oneself, and nobody else's to know",
    "people:profile:edit": "oneself",
    "posts:announcement:oversee": "reading; a reminder goes once, to whoever was asked, in the product's own name",
    "posts:announcement:publish": "taking part: a post bears its author's name",
    "posts:announcement:publish-urgently": "taking part: a post bears its author's name",
    "posts:comment:add": "taking part",
    "posts:post:edit": "one's own words; their history is shown",
    "posts:post:publish": "taking part",
    "posts:post:react": "taking part",
    "questions:asking:reply": "oneself",
    "questions:asking:widen": "asking: who is asked may say no",
    "questions:question:follow": "oneself",
    "search:saved:keep": "oneself",
    "topics:endorsement:withdraw": "one's own words, or words about oneself",
    "topics:skill:claim": "oneself",
    "topics:skill:endorse": "taking part: an endorsement bears its author's name",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A session for whoever acts, and the cast."""

    database: Database
    cast: Cast

    def act(self, who: Viewer, action: Callable[[Session], object]) -> None:
        with self.database.unit_of_work(who) as session:
            action(session)

    def with_role(self, viewer: Viewer, role: Role) -> Viewer:
        return Viewer(viewer.id, frozenset({Role.MEMBER, role}))

    def group(self, kind: GroupKind = GroupKind.OPEN, *, joined: bool = True) -> int:
        with self.database.unit_of_work(self.cast.alice) as session:
            group_id = groups.found_group(session, self.cast.alice, groups.GroupDraft(name="Depot", kind=kind)).id
        if joined:
            self.act(self.cast.bob, lambda session: groups.join_group(session, self.cast.bob, group_id))
        return group_id

    def post(self, *, to: int = EVERYONE, kind: PostKind = PostKind.UPDATE, by: Viewer | None = None) -> int:
        who = by or self.cast.alice
        with self.database.unit_of_work(who) as session:
            draft = posts.PostDraft(text="Words", title="Who knows this?", audience_id=to, kind=kind)
            return posts.publish_post(session, who, draft).id

    def answered(self) -> tuple[int, int]:
        post_id = self.post(kind=PostKind.QUESTION)
        with self.database.unit_of_work(self.cast.bob) as session:
            return post_id, posts.add_comment(session, self.cast.bob, reply_to=post_id, text="So").id

    def topics(self, *names: str) -> list[int]:
        with self.database.unit_of_work(SYSTEM) as session:
            return list(ensure_topics(session, names).values())

    def person(self, session: Session, viewer: Viewer) -> Person:
        return session.get_one(Person, viewer.member_id)


Trail = list[tuple[str, Viewer]]


def administers_people(stage: Stage) -> Trail:
    dana, bob, carol = stage.cast.dana, stage.cast.bob, stage.cast.carol
    stage.act(dana, lambda s: links.invite(s, dana, email=None, roles=()))
    stage.act(dana, lambda s: links.reset_link(s, dana, stage.person(s, bob)))
    stage.act(dana, lambda s: accounts.change_roles(s, dana, stage.person(s, bob), frozenset({Role.STEWARD})))
    stage.act(dana, lambda s: accounts.deactivate(s, dana, stage.person(s, bob)))
    stage.act(dana, lambda s: accounts.reactivate(s, dana, stage.person(s, bob)))
    seeing_all = Viewer(dana.id, dana.roles, system_reason="tests: a leaver's groups")
    stage.act(seeing_all, lambda s: pass_on(s, dana, stage.person(s, carol), Wishes(successor="bob")))
    did = ("account.link-made", "person.roles-changed", "person.deactivated", "person.reactivated", "person.succeeded")
    return [(name, dana) for name in did]


def changes_the_site(stage: Stage) -> Trail:
    stage.act(stage.cast.dana, lambda s: change_site(s, stage.cast.dana, "name", "Tidemark"))
    return [("site.changed", stage.cast.dana)]


def inspects_a_conversation(stage: Stage) -> Trail:
    dana, second = stage.cast.dana, stage.with_role(stage.cast.carol, Role.ADMIN)
    with stage.database.unit_of_work(dana) as session:
        draft = inspection.InspectionDraft("@alice @bob", "A complaint about threats, number 7.", 1)
        asked = inspection.ask_inspection(session, dana, draft).id
    approved = inspections.Decision.APPROVED
    stage.act(SYSTEM, lambda s: inspection.decide_inspection(s, second, asked, approved))
    stage.act(dana, lambda s: inspection.open_inspection(s, dana, asked))
    stage.act(dana, lambda s: inspection.end_inspection(s, dana, asked))
    others = [(f"inspection.{name}", dana) for name in ("asked", "opened", "ended")]
    return [*others, ("inspection.decided", second)]


def writes_guidelines(stage: Stage) -> Trail:
    moderator = stage.with_role(stage.cast.carol, Role.MODERATOR)
    stage.act(moderator, lambda s: guidelines.publish(s, moderator, "Be kind.", "The first."))
    return [("guidelines.published", moderator)]


def reviews(stage: Stage) -> Trail:
    (moderator, bob), post_id = (stage.with_role(stage.cast.carol, Role.MODERATOR), stage.cast.bob), stage.post()
    stage.act(bob, lambda s: reports.file_report(s, bob, reportable.item(s, bob, post_id), ReportReason.UNKIND))
    stage.act(moderator, lambda s: reports.decide(s, moderator, post_id, Decision.HIDE))
    stage.act(moderator, lambda s: reports.reopen(s, moderator, post_id))
    return [("report.filed", bob), ("report.decided", moderator), ("report.reopened", moderator)]


def founds_a_group(stage: Stage) -> Trail:
    stage.group()
    return [("group.founded", stage.cast.alice)]


def keeps_a_group(stage: Stage) -> Trail:
    alice, bob, carol = stage.cast.alice, stage.cast.bob, stage.cast.carol
    group_id = stage.group()
    closed = groups.GroupDraft(name="Depot", kind=GroupKind.CLOSED)
    named = groups.GroupDraft(name="Depots", kind=GroupKind.CLOSED)
    stage.act(alice, lambda s: groups.change_group(s, alice, group_id, closed))
    stage.act(alice, lambda s: groups.change_group(s, alice, group_id, named))
    stage.act(carol, lambda s: groups.ask_to_join(s, carol, group_id))
    stage.act(alice, lambda s: groups.answer_request(s, alice, group_id, carol.member_id, let_in=True))
    stage.act(alice, lambda s: groups.set_role(s, alice, group_id, bob.member_id, GroupRole.OWNER))
    stage.act(alice, lambda s: groups.remove_member(s, alice, group_id, carol.member_id))
    stage.act(alice, lambda s: groups.archive_group(s, alice, group_id, is_archived=True))
    stage.act(alice, lambda s: groups.archive_group(s, alice, group_id, is_archived=False))
    did = "kind-changed described member-joined role-changed member-left archived reopened"
    return [(f"group.{name}", alice) for name in did.split()]


def deletes_what_others_wrote(stage: Stage) -> Trail:
    moderator, post_id = stage.with_role(stage.cast.carol, Role.MODERATOR), stage.post()
    stage.act(moderator, lambda s: posts.delete_item(s, moderator, post_id))
    return [("post.removed", moderator)]


def gives_back_what_others_wrote(stage: Stage) -> Trail:
    moderator, post_id = stage.with_role(stage.cast.carol, Role.MODERATOR), stage.post()
    stage.act(moderator, lambda s: posts.delete_item(s, moderator, post_id))
    stage.act(moderator, lambda s: posts.restore_item(s, moderator, post_id))
    return [("post.removed", moderator), ("post.given-back", moderator)]


def freezes(stage: Stage) -> Trail:
    moderator, post_id = stage.with_role(stage.cast.carol, Role.MODERATOR), stage.post()
    stage.act(moderator, lambda s: posts.freeze_post(s, moderator, post_id, is_on=True))
    stage.act(moderator, lambda s: posts.freeze_post(s, moderator, post_id, is_on=False))
    return [("post.frozen", moderator), ("post.thawed", moderator)]


def pins(stage: Stage) -> Trail:
    post_id = stage.post(to=stage.group())
    stage.act(stage.cast.alice, lambda s: posts.pin(s, stage.cast.alice, post_id, is_on=True))
    return [("post.pinned", stage.cast.alice)]


def accepts_for_others(stage: Stage) -> Trail:
    steward, (_, answer_id) = stage.with_role(stage.cast.carol, Role.STEWARD), stage.answered()
    stage.act(steward, lambda s: questions.accept_answer(s, steward, answer_id))
    stage.act(steward, lambda s: questions.withdraw_acceptance(s, steward, answer_id))
    return [("answer.accepted", steward), ("answer.withdrawn", steward)]


def links_questions(stage: Stage) -> Trail:
    moderator = stage.with_role(stage.cast.carol, Role.MODERATOR)
    one, other = stage.post(kind=PostKind.QUESTION), stage.post(kind=PostKind.QUESTION)
    stage.act(moderator, lambda s: questions.link_question(s, moderator, other, one))
    stage.act(moderator, lambda s: questions.unlink_question(s, moderator, other))
    return [("question.linked", moderator), ("question.unlinked", moderator)]


def describes_topics(stage: Stage) -> Trail:
    steward, (topic_id,) = stage.with_role(stage.cast.carol, Role.STEWARD), stage.topics("kafka")
    stage.act(
        steward,
        lambda s: topics.describe_topic(s, steward, topic_id, name="Apache Kafka", description="", synonyms=()),
    )
    return [("topic.described", steward)]


def merges_topics(stage: Stage) -> Trail:
    steward, (topic_id, _) = stage.with_role(stage.cast.carol, Role.STEWARD), stage.topics("kafka", "redpanda")
    stage.act(steward, lambda s: merge_topic(s, steward, topic_id, "redpanda"))
    return [("topic.merged", steward)]


TRAILS: dict[str, Callable[[Stage], Trail]] = {
    "accounts:person:administer": administers_people,
    "chat:inspection:ask": inspects_a_conversation,
    "chat:inspection:decide": inspects_a_conversation,
    "chat:inspection:read": inspects_a_conversation,
    "governance:guidelines:write": writes_guidelines,
    "governance:report:review": reviews,
    "governance:site:change": changes_the_site,
    "groups:group:found": founds_a_group,
    "groups:group:keep": keeps_a_group,
    "posts:post:delete": deletes_what_others_wrote,
    "posts:post:freeze": freezes,
    "posts:post:pin": pins,
    "posts:post:restore": gives_back_what_others_wrote,
    "questions:answer:accept": accepts_for_others,
    "questions:question:link": links_questions,
    "topics:topic:describe": describes_topics,
    "topics:topic:merge": merges_topics,
}


@pytest.fixture
def stage(app: object, database: Database, cast: Cast) -> Stage:
    return Stage(database, cast)


@pytest.fixture
def entries(database: Database) -> Callable[[], Iterator[AuditEntry]]:
    def read() -> Iterator[AuditEntry]:
        while outbox.drain(database, "audit", "tests"):
            pass
        with database.reading(SYSTEM) as session:
            yield from session.scalars(select(AuditEntry).order_by(AuditEntry.id))

    return read


def test_every_permission_leaves_a_trail_or_concerns_oneself(app: object) -> None:
    named = {name for name, _rule, _says in policy.table() if not name.startswith("test")}
    assert named == TRAILS.keys() | OWN_MATTERS.keys()
    assert not TRAILS.keys() & OWN_MATTERS.keys()


@pytest.mark.parametrize("permission", TRAILS)
def test_what_is_done_to_others_stands_in_the_log(
    permission: str, stage: Stage, entries: Callable[[], Iterator[AuditEntry]]
) -> None:
    expected = {(name, who.id) for name, who in TRAILS[permission](stage)}
    assert expected <= {(entry.action, entry.actor_id) for entry in entries()}


def test_what_one_does_to_oneself_does_not(stage: Stage, entries: Callable[[], Iterator[AuditEntry]]) -> None:
    alice, bob = stage.cast.alice, stage.cast.bob
    group_id, post_id = stage.group(), stage.post()
    stage.act(bob, lambda s: groups.leave_group(s, bob, group_id))
    stage.act(alice, lambda s: posts.delete_item(s, alice, post_id))
    stage.act(alice, lambda s: posts.restore_item(s, alice, post_id))
    assert [entry.action for entry in entries()] == ["group.founded"]


def test_the_same_again_is_no_change(stage: Stage, entries: Callable[[], Iterator[AuditEntry]]) -> None:
    group_id, alice = stage.group(), stage.cast.alice
    same = groups.GroupDraft(name="Depot", kind=GroupKind.OPEN)
    stage.act(alice, lambda s: groups.change_group(s, alice, group_id, same))
    stage.act(alice, lambda s: groups.archive_group(s, alice, group_id, is_archived=False))
    assert [entry.action for entry in entries()] == ["group.founded"]


def test_the_log_names_no_group_that_its_reader_may_not_know_of(
    stage: Stage, entries: Callable[[], Iterator[AuditEntry]], database: Database
) -> None:
    stage.group(GroupKind.HIDDEN, joined=False)
    with database.unit_of_work(stage.cast.alice) as session:
        groups.found_group(session, stage.cast.alice, groups.GroupDraft(name="Canteen"))
    assert len(list(entries())) == 2
    with database.reading(stage.cast.dana) as session:
        page = audit_page(session, words="", action="", cursor=None)
    assert [line.facts[0][1] for line in page.items] == ["Canteen", "one that you do not see"]


def test_a_moderators_deletion_names_whose_words_they_were(
    stage: Stage, entries: Callable[[], Iterator[AuditEntry]], database: Database
) -> None:
    deletes_what_others_wrote(stage)
    (removed,) = [entry for entry in entries() if entry.action == "post.removed"]
    assert removed.subject_id == stage.cast.alice.id
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(Group.id)) is None
