"""Whatever happens in whatever order: nothing reaches anybody twice, nothing is lost, and the counts are right."""

import itertools
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from intranet import create_app
from intranet.config import Settings
from intranet.kernel import outbox
from intranet.kernel.audience import EVERYONE
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.notifications import actions, queries
from intranet.notifications.forms import read_wishes
from intranet.notifications.models import Channel, Level, Notice, Source
from intranet.posts.actions import PostDraft, add_comment, delete_item, publish_post, react
from intranet.posts.models import Post
from tests.applications import make_tables
from tests.cast import SYSTEM, bring_on
from tests.notifications.receiving import HERE, has_device, push_service
from tests.notifications.working import Work, plain

_BEYOND_THE_LABEL = "what the relay does when the mains drops and nobody is there to see it at all "
NAMES = st.sampled_from(["alice", "bob", "carol"])


class Ledger(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.app = create_app(Settings(data=Path(self.folder.name), async_mode="threading", secret_key="for tests"))
        self.database = runtime(self.app).database
        make_tables(self.database)
        cast = bring_on(self.database)
        self.people = {"alice": cast.alice, "bob": cast.bob, "carol": cast.carol}
        self.work = Work(self.app, self.database)
        self.ended = ExitStack()
        self.service = self.ended.enter_context(push_service())
        runtime(self.app).settings = replace(runtime(self.app).settings, push_networks=HERE)
        self.numbers = itertools.count(1)
        self.posts: list[int] = []

    def teardown(self) -> None:
        self.settle()
        self.ended.close()
        self.work.stopped.close()
        self.database.engine.dispose()
        self.folder.cleanup()

    def text(self, named: list[str]) -> str:
        return f"{_BEYOND_THE_LABEL}{' '.join(f'@{one}' for one in named)} word{next(self.numbers)}."

    @rule(who=NAMES, named=st.lists(NAMES, max_size=2))
    def post(self, who: str, named: list[str]) -> None:
        with self.database.unit_of_work(self.people[who]) as session:
            draft = PostDraft(text=self.text(named), audience_id=EVERYONE)
            self.posts.append(publish_post(session, self.people[who], draft).id)

    @precondition(lambda self: self.posts)
    @rule(who=NAMES, named=st.lists(NAMES, max_size=1), place=st.integers(0, 50))
    def reply(self, who: str, named: list[str], place: int) -> None:
        post_id = self.posts[place % len(self.posts)]
        with self.database.unit_of_work(self.people[who]) as session:
            add_comment(session, self.people[who], reply_to=post_id, text=self.text(named))

    @precondition(lambda self: self.posts)
    @rule(who=NAMES, place=st.integers(0, 50), is_on=st.booleans())
    def react(self, who: str, place: int, is_on: bool) -> None:
        post_id = self.posts[place % len(self.posts)]
        with self.database.unit_of_work(self.people[who]) as session:
            react(session, self.people[who], post_id, ReactionKind.THANKS, is_on=is_on)

    @precondition(lambda self: len(self.posts) > 1)
    @rule(place=st.integers(0, 50))
    def take_away(self, place: int) -> None:
        post_id = self.posts.pop(place % len(self.posts))
        with self.database.reading(SYSTEM) as session:
            author = session.scalar(select(Post.author_id).where(Post.id == post_id))
        viewer = Viewer(author, self.people["alice"].roles)
        with self.database.unit_of_work(viewer) as session:
            delete_item(session, viewer, post_id)

    @precondition(lambda self: self.posts)
    @rule(who=NAMES, place=st.integers(0, 50))
    def read(self, who: str, place: int) -> None:
        with self.database.unit_of_work(self.people[who]) as session:
            actions.read_post(session, self.people[who], self.posts[place % len(self.posts)])

    @rule(who=NAMES, source=st.sampled_from(Source), level=st.sampled_from(Level), quiet=st.booleans())
    def wish(self, who: str, source: Source, level: Level, quiet: bool) -> None:
        hours = {"quiet_from": "18:00", "quiet_to": "08:00"} if quiet else {}
        wishes = read_wishes({f"level-{source}": level.value, "mails_now": "1", **hours})
        with self.database.unit_of_work(self.people[who]) as session:
            actions.save_wishes(session, self.people[who], wishes)

    @rule(who=NAMES)
    def add_device(self, who: str) -> None:
        browser = self.service.browser(f"{who}{next(self.numbers)}")
        has_device(self.database, self.people[who], browser)

    @precondition(lambda self: self.service.browsers)
    @rule(place=st.integers(0, 50), status=st.sampled_from([410, 429, 500, 503]))
    def push_service_stumbles(self, place: int, status: int) -> None:
        browsers = list(self.service.browsers.values())
        browsers[place % len(browsers)].answers.append(status)

    @rule(hours=st.sampled_from([0.1, 1, 7, 13, 26]))
    def time_passes(self, hours: float) -> None:
        self.work.do()
        self.work.go_on(hours=hours)
        self.work.do()

    @rule()
    def everything_is_delivered_again(self) -> None:
        self.work.do()
        with self.database.unit_of_work(SYSTEM) as session:
            outbox.move_cursor(session, "notifications", "here", 0)
        self.work.do()

    @invariant()
    def nobody_is_told_twice(self) -> None:
        texts: dict[str, list[str]] = {}
        for mail in self.work.mails:
            texts.setdefault(str(mail["To"]), []).append(plain(mail))
        for number in range(1, 60):
            for mails in texts.values():
                assert sum(f"word{number}." in text for text in mails) <= 1

    @invariant()
    def no_device_is_told_twice_and_no_mail_tells_what_was_pushed(self) -> None:
        for browser in self.service.browsers.values():
            keys = [message["key"] for message in browser.told]
            assert len(keys) == len(set(keys))
        with self.database.reading(SYSTEM) as session:
            pushed = select(Notice.person_id, Post.text).join(Post, Post.id == Notice.item_id)
            still_said = Post.text != ""  # the words of what was taken away are erased a while later
            for row in session.execute(pushed.where(Notice.told_by == Channel.PUSH, still_said)):
                name = next(name for name, viewer in self.people.items() if viewer.id == row.person_id)
                mails = [plain(mail) for mail in self.work.mails if name in str(mail["To"])]
                word = row.text.rsplit(" ", 1)[1]
                assert not any(word in mail for mail in mails)

    @invariant()
    def counts_are_what_the_pages_show(self) -> None:
        for viewer in self.people.values():
            with self.database.reading(viewer) as session:
                shown = queries.bundles(session, viewer, queries.NEEDS_ME, limit=500).items
                assert queries.unread_count(session, viewer) == sum(bundle.is_unread for bundle in shown)
                rows = select(func.count()).where(
                    Notice.person_id == viewer.member_id, Notice.withdrawn_at.is_(None), queries.NEEDS_ME
                )
                assert sum(bundle.count for bundle in shown) == session.scalar(rows)

    def settle(self) -> None:
        """Two days later everything was seen or mailed."""
        # In steps shorter than the day that quiet hours leave: twelve hours after a night may be the next night.
        for _step in range(12):
            self.time_passes(5)
        with self.database.reading(SYSTEM) as session:
            waiting = select(func.count()).where(
                Notice.read_at.is_(None), Notice.told_at.is_(None), Notice.withdrawn_at.is_(None)
            )
            assert session.scalar(waiting) == 0


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
