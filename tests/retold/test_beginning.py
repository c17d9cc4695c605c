"""What was begun in chat goes on as a question without losing a word; a thread is kept as far as its words may go."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from intranet.chat import actions as chat
from intranet.chat.asking.actions import answer_request
from intranet.chat.models import ChatDraft
from intranet.files.actions import Received, put_on_shelf
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import save_draft
from intranet.posts.models import LONGEST_TEXT
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer
from tests.retold.test_retelling import ask, publish, text_in

BEGUN = 'Why does "pump 7" hum?\n\nIt began on <Monday>. 泵 مضخة'


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    return unescape(found[1]) if found else ""


def drafted(talk: Talk, viewer: Viewer, conversation: int) -> str:
    def words(session: Session) -> str:
        found = session.get(ChatDraft, (viewer.member_id, conversation, 0))
        return found.text if found else ""

    return talk.look(viewer, words)


def begin(client: FlaskClient, here: int, text: str = BEGUN, **more: object) -> str:
    data = {"text": text, "nonce": "n", **more}
    return client.post(f"/chat/{here}/as-question", data=data, follow_redirects=True).get_data(as_text=True)


def asked(client: FlaskClient, page: str) -> int:
    form = {
        "kind": "question",
        "title": "Why does it hum?",
        "text": BEGUN,
        "idempotency_key": "k",
        "begun": hidden(page, "begun"),
        "begun_files": hidden(page, "begun_files"),
    }
    return client.post("/posts", data=form, headers={"X-Fragment": "1"}).status_code


def test_what_was_typed_stands_in_the_question_and_stays_in_chat_until_that_is_asked(
    talk: Talk, cast: Cast, as_viewer: AsViewer
) -> None:
    here, client = talk.direct(cast.alice, "bob"), as_viewer(cast.alice)
    page = begin(client, here, BEGUN.replace("\n", "\r\n"))  # as browsers send what stands in a box
    assert unescape(text_in(page)) == "It began on <Monday>. 泵 مضخة"
    assert 'value="Why does &#34;pump 7&#34; hum?"' in page
    assert drafted(talk, cast.alice, here) == BEGUN
    assert asked(client, page) == 201
    assert drafted(talk, cast.alice, here) == ""


@pytest.mark.parametrize("first", ["x" * 300, "Is `a<b>` **right**, <b>or</b> not?"])
def test_what_the_title_cannot_say_in_full_is_said_below_it(
    talk: Talk, cast: Cast, as_viewer: AsViewer, first: str
) -> None:
    page = begin(as_viewer(cast.alice), talk.direct(cast.alice, "bob"), f"{first}\nmore")
    assert unescape(text_in(page)) == f"{first}\nmore"


def test_what_is_typed_in_chat_meanwhile_stays(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here, client = talk.direct(cast.alice, "bob"), as_viewer(cast.alice)
    page = begin(client, here)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        talk.do(cast.alice, chat.save_draft, here, "something else")
    assert asked(client, page) == 201
    assert drafted(talk, cast.alice, here) == "something else"


def test_who_comes_back_finds_the_question_as_they_left_it(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here, client = talk.direct(cast.alice, "bob"), as_viewer(cast.alice)
    begin(client, here)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        talk.do(cast.alice, save_draft, f"chat:{here}", "better words", title="A better title")
    page = begin(client, here)
    assert text_in(page) == "better words"
    assert "A better title" in page
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        assert "A better title" not in begin(client, here, "quite another question")
        assert text_in(begin(client, here, "quite another question")) == ""


def test_files_go_along_with_their_names_on_the_form(
    talk: Talk, cast: Cast, as_viewer: AsViewer, database: Database
) -> None:
    here, client = talk.direct(cast.alice, "bob"), as_viewer(cast.alice)

    def shelve(viewer: Viewer, name: str) -> int:
        received = Received(name=name, media_type="text/plain", size=3, sha256="0" * 64)
        return database.transact(viewer, lambda session: put_on_shelf(session, viewer, received).id)

    mine, others = shelve(cast.alice, "hum.txt"), shelve(cast.bob, "secret.txt")
    page = begin(client, here, files=[str(mine)])
    assert "hum.txt" in page
    assert asked(client, page) == 201
    refused = client.get(f"/chat/{here}/as-question?files={others}")
    assert refused.status_code == 404
    assert "secret.txt" not in refused.text


def test_outsiders_begin_nothing(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here = talk.direct(cast.alice, "bob")
    talk.do(cast.alice, chat.save_draft, here, "the quiet heron")
    for viewer in (cast.carol, cast.dana):
        client = as_viewer(viewer)
        assert client.post(f"/chat/{here}/as-question", data={"text": "x"}).status_code == 404
        assert client.get(f"/chat/{here}/as-question").status_code == 404
    assert "the quiet heron" not in as_viewer(cast.bob).get(f"/chat/{here}/as-question").text


def kept(client: FlaskClient, message: int) -> str:
    return client.get(f"/chat/messages/{message}/keep", follow_redirects=True).get_data(as_text=True)


def test_a_thread_of_a_public_room_is_kept_with_names(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here = talk.room(cast.alice, "pumps", people=("bob",))
    root = talk.say(cast.bob, here, "It hums.\nWhy?")
    reply = talk.say(cast.alice, here, "The valve.", root_id=root)
    gone = talk.say(cast.bob, here, "not this", root_id=root)
    talk.do(cast.bob, chat.delete_message, gone)
    client = as_viewer(cast.alice)
    page = kept(client, reply)
    assert unescape(text_in(page)) == "> It hums.\n> Why?\n\n— @bob\n\n> The valve.\n\n— @alice"
    assert hidden(page, "retells") == str(root)
    assert publish(client, root)[0] == 201


def test_in_private_only_what_its_authors_let_go_is_kept(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here = talk.direct(cast.alice, "bob", "dana")
    root = talk.say(cast.alice, here, "It hums.")
    free = talk.say(cast.bob, here, "The valve.", root_id=root)
    talk.say(cast.dana, here, "the quiet heron", root_id=root)
    talk.do(cast.bob, answer_request, ask(talk, cast.alice, free), agrees=True)
    page = kept(as_viewer(cast.alice), root)
    assert unescape(text_in(page)) == "> It hums.\n\n— @alice\n\n> The valve.\n\n— @bob"
    assert "the quiet heron" not in page
    assert "1 message stays out" in page
    asks = kept(as_viewer(cast.dana), root)
    assert "This was said in private" in asks
    assert as_viewer(cast.carol).get(f"/chat/messages/{root}/keep").status_code == 404


def test_what_a_post_cannot_hold_is_left_out_from_the_end(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here = talk.room(cast.alice, "pumps")
    root = talk.say(cast.alice, here, "It hums.")
    for _time in range(3):
        talk.say(cast.alice, here, "x" * (LONGEST_TEXT // 3), root_id=root)
    page = kept(as_viewer(cast.alice), root)
    assert "1 message stays out" in page
    assert 0 < len(text_in(page)) <= LONGEST_TEXT
