"""Words that people watch for are heard of in every script, and what cannot be watched for is said."""

import pytest
from sqlalchemy import select

from intranet.kernel import outbox
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.notifications import actions
from intranet.notifications.forms import read_wishes
from intranet.notifications.keywords import phrases_of, tidied
from intranet.notifications.models import Notice, Source
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.questions.asking import ask


def drain(database: Database) -> None:
    while outbox.drain(database, "notifications", "here"):
        pass


def posted(database: Database, viewer: Viewer, text: str, to: int = EVERYONE) -> None:
    with database.unit_of_work(viewer) as session:
        publish_post(session, viewer, PostDraft(text=text, audience_id=to))
    drain(database)


def sources_of(database: Database, viewer: Viewer) -> list[Source]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(Notice.source).where(Notice.person_id == viewer.member_id)))


@pytest.mark.parametrize("watched", ["Postgres", "connection pool", "C++", "запрос", "数据库"])
def test_a_watched_word_is_heard_of_wherever_one_may_read_it(database: Database, cast: Cast, watched: str) -> None:
    for viewer in (cast.bob, cast.carol):
        with database.unit_of_work(viewer) as session:
            actions.save_wishes(session, viewer, read_wishes({"keywords": watched}))
    posted(database, cast.alice, f"Our {watched} was the reason", to=cast.group)
    assert sources_of(database, cast.bob) == [Source.KEYWORD]
    assert sources_of(database, cast.carol) == [], "she may not read the group"


@pytest.mark.parametrize(
    ("watched", "text"),
    [
        ("停电", "电表在停电时为什么会停止？"),
        ("D40网关", "请重启 D40 网关。"),
        ("ゲートウェイ", "新しいゲートウェイが止まる"),
        ("มาตรวัด", "เปลี่ยนมาตรวัดน้ำ"),
        ("🚀", "we are live🚀🚀"),
        ("عداد", "هل هناك عَدَّاد؟"),
        ("STRASSE", "in der Straße"),
        ("zygote", " ".join(f"word{number}" for number in range(4_000)) + " zygote"),
        ("停电", "电表" * 3_000 + "停电"),
    ],
)
def test_a_word_is_found_in_every_script_and_however_long_the_text_is(watched: str, text: str) -> None:
    (word,) = tidied(watched)
    assert word in phrases_of(fold(text))
    assert tidied(word) == [word], "what is shown can be saved again"


def test_a_wish_in_a_long_text_and_in_a_title_is_heard_of(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        actions.save_wishes(session, cast.bob, read_wishes({"keywords": "zygote"}))
    posted(database, cast.alice, " ".join(f"word{number}" for number in range(2_000)) + " zygote")
    assert sources_of(database, cast.bob) == [Source.KEYWORD]
    ask(database, cast.alice, "Who has a zygote?")
    drain(database)
    assert sources_of(database, cast.bob) == [Source.KEYWORD] * 2


@pytest.mark.parametrize("watched", [".*", "a, [$^], b", "one two three four", "x" * 61, "电" * 10])
def test_what_could_never_be_found_is_not_taken_for_a_wish(watched: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_wishes({"keywords": watched})
    assert set(caught.value.fields) == {"keywords"}


def test_wishes_are_set_apart_by_lines_and_commas_and_stand_once() -> None:
    assert tidied("Kafka, kafka;C++\n\n 停电、网关 \r\n[Gateway]") == ["kafka", "c++", "停电", "网关", "gateway"]


def test_whose_wish_is_not_taken_reads_why_first_and_finds_what_they_typed(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.bob)
    answer = client.post(
        "/settings/notices", data={"keywords": "kafka\n.*", "quiet_from": "18:00", "quiet_to": "07:00"}
    )
    assert answer.status_code == 422
    assert "Not saved." in answer.text
    assert '<a href="#field-keywords">There is no word in “.*”.</a>' in answer.text
    assert "kafka\n.*</textarea>" in answer.text
    assert 'value="18:00"' in answer.text
    assert "Your profile names no time zone" in answer.text
