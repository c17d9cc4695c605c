"""What was begun on one device goes on at another, and neither writes over the other."""

import pytest
from flask.testing import FlaskClient

from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict
from intranet.kernel.viewer import Viewer
from intranet.posts import actions
from intranet.posts.queries import draft_at
from tests.cast import Cast
from tests.fixtures import AsViewer

FRAGMENT = {"X-Fragment": "1"}


def keep(client: FlaskClient, text: str, **more: str) -> tuple[int, str]:
    answer = client.post("/compose/draft", data={"place": "home", "text": text, **more}, headers=FRAGMENT)
    return answer.status_code, (answer.json or {}).get("version", "")


def there(database: Database, viewer: Viewer) -> str:
    with database.reading(viewer) as session:
        saved = draft_at(session, viewer, "home")
        return saved.text if saved else ""


def test_a_second_device_sees_it_and_goes_on(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    phone, laptop = as_viewer(cast.alice), as_viewer(cast.alice)
    _status, first = keep(phone, "Half a", seen="")
    told = laptop.get("/compose/draft?place=home", headers=FRAGMENT).json
    assert told == {"title": "", "text": "Half a", "version": first}
    assert "Half a" in laptop.get("/").text
    status, second = keep(laptop, "Half a thought", seen=first)
    assert status == 200
    assert second != first
    assert as_viewer(cast.bob).get("/compose/draft?place=home").json == {"title": "", "text": "", "version": ""}


def test_a_device_that_is_behind_writes_nothing_over(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    _status, first = keep(client, "Both begin here", seen="")
    keep(client, "Written on the phone", seen=first)
    assert keep(client, "Written on the laptop", seen=first)[0] == 409
    assert keep(client, "", seen=first)[0] == 409  # also not by sending its own away
    assert there(database, cast.alice) == "Written on the phone"
    assert keep(client, "Written on the phone", seen=first)[0] == 200  # the same words are no quarrel
    with pytest.raises(Conflict), database.unit_of_work(cast.alice) as session:
        actions.save_draft(session, cast.alice, "home", "From a page that knew of none", seen="")


def test_without_a_version_the_last_word_stands(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    keep(client, "First")
    assert keep(client, "Second")[0] == 200
    assert there(database, cast.alice) == "Second"


def test_what_waited_for_the_line_takes_only_its_own_draft_along(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    client = as_viewer(cast.alice)
    keep(client, "Written in a")
    client.post("/posts", data={"text": "Written in a tunnel", "place": "home"}, headers=FRAGMENT)
    assert there(database, cast.alice) == ""
    keep(client, "The next thought")
    client.post("/posts", data={"text": "Sent late", "place": "home"}, headers=FRAGMENT)
    assert there(database, cast.alice) == "The next thought"
    client.post("/posts", data={"text": "As a plain form", "place": "home"})
    assert there(database, cast.alice) == ""
