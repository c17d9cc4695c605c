"""HR's list: the difference and nothing else, bad rows by line, bad files in one line."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from intranet.accounts.models import Person, SignIn
from intranet.governance.leaving.models import Succession
from intranet.groups.actions import GroupDraft, found_group
from intranet.groups.finding import owner_ids
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.people.models import Profile
from intranet.people.queries import languages_of
from tests.cast import SYSTEM, Cast

HEADER = "name,username,email,title,department,location,timezone,languages,manager,skills\n"
GOOD = HEADER + (
    "Zoë Quill,zoe,zoe@example.org,Welder,Plants,Gdańsk,Europe/Warsaw,Polski; English,yan,welding;steel\n"
    "Yan Li,yan,,Head of plants,Plants,Gdańsk,Europe/Warsaw,,,\n"
    "Alice Sample,alice,alice@example.org,Engineer,Telemetry,Leeds,Europe/London,English,yan,kafka\n"
)


def _run(app: Flask, path: Path, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["people", "import", str(path), *options])


def _write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "hr.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_dry_run_prints_the_difference_and_writes_nothing(
    app: Flask, database: Database, cast: Cast, tmp_path: Path
) -> None:
    result = _run(app, _write(tmp_path, GOOD), "--dry-run")
    assert result.exit_code == 0, result.output
    assert "+ zoe (Zoë Quill)" in result.output
    assert "name: Alice Example -> Alice Sample" in result.output
    assert "manager: – -> yan" in result.output
    assert "2 would be added, 1 would be changed, 0 as they were, 0 left out" in result.output
    with database.reading(cast.alice) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 5
        assert session.scalar(select(func.count()).select_from(Profile)) == 0


def test_importing_twice_changes_nothing_the_second_time(
    app: Flask, database: Database, cast: Cast, tmp_path: Path
) -> None:
    path = _write(tmp_path, "\ufeff" + GOOD)
    assert "2 added, 1 changed, 0 as they were, 0 left out" in _run(app, path).output
    with database.reading(cast.alice) as session:
        zoe = session.scalar(select(Person).where(Person.username == "zoe"))
        assert zoe is not None
        profile = session.get(Profile, zoe.id)
        assert profile is not None
        assert (profile.title, profile.location) == ("Welder", "Gdańsk")
        manager = session.get(Person, profile.manager_id)
        assert manager is not None
        assert manager.username == "yan"
        assert languages_of(session, [zoe.id])[zoe.id] == ["Polski", "English"]
    assert "0 added, 0 changed, 3 as they were, 0 left out" in _run(app, path).output
    assert "0 would be added, 0 would be changed, 3 as they were" in _run(app, path, "--dry-run").output


def test_bad_rows_are_named_by_line_and_the_rest_goes_in(
    app: Flask, database: Database, cast: Cast, tmp_path: Path
) -> None:
    rows = HEADER + (
        ",empty,,,,,,,,\n"
        "No Username,,,,,,,,,\n"
        "Odd,o d d,,,,,,,,\n"
        "Bad Mail,mail,not-an-address,,,,,,,\n"
        "Bad Zone,zone,,,,,Mars/Olympus,,,\n"
        "Taken Mail,taken,bob@example.org,,,,,,,\n"
        "Lost,lost,,,,,,,nobody,\n"
        "Short,short\n"
        "Self,self,,,,,,,self,\n"
        "Twice,twice,,,,,,,,\n"
        "Twice,twice,,,,,,,,\n"
        "\n"
        "Fine,fine,,,,,,,,\n"
    )
    result = _run(app, _write(tmp_path, rows))
    for line in (2, 3, 4, 5, 6, 7, 8, 9, 10, 12):
        assert f"! line {line}: " in result.output, line
    assert "! line 11" not in result.output
    assert "! line 14" not in result.output
    with database.reading(cast.alice) as session:
        names = set(session.scalars(select(Person.username)))
    assert {"fine", "twice", "lost"} <= names
    assert not {"taken", "zone", "mail", "self", "short"} & names


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,full name\n1,x\n", "wrong header"),
        ("", "wrong header"),
        ("name,username,name\nx,y,z\n", "twice name"),
        (b"name,username\nZo\xeb,zoe\n", "line 2 is not UTF-8"),
        (b"\x00\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_clear_line(
    app: Flask, cast: Cast, tmp_path: Path, content: str | bytes, words: str
) -> None:
    result = _run(app, _write(tmp_path, content))
    assert result.exit_code == 1
    assert words in result.output
    assert result.output.count("\n") == 1


def test_two_who_swap_places_end_up_swapped(app: Flask, database: Database, cast: Cast, tmp_path: Path) -> None:
    _run(app, _write(tmp_path, "name,username,manager\nA,aa,\nB,bb,aa\n"))
    result = _run(app, _write(tmp_path, "name,username,manager\nB,bb,\nA,aa,bb\n"))
    assert "0 left out" in result.output
    result = _run(app, _write(tmp_path, "name,username,manager\nB,bb,aa\nA,aa,\n"))
    assert "0 left out" in result.output


def test_columns_that_are_missing_leave_their_fields_alone(
    app: Flask, database: Database, cast: Cast, tmp_path: Path
) -> None:
    _run(app, _write(tmp_path, GOOD))
    result = _run(app, _write(tmp_path, "name,username\nZoë Quill,zoe\n"))
    assert "1 as they were" in result.output


PARTING = "name,username,status,successor\n"


def _person(database: Database, username: str) -> Person:
    with database.reading(SYSTEM) as session:
        return session.scalars(select(Person).where(Person.username == username)).one()


def test_who_left_is_out_and_what_they_kept_passes_on(
    app: Flask, database: Database, cast: Cast, tmp_path: Path
) -> None:
    with database.unit_of_work(cast.alice) as session:
        group_id = found_group(session, cast.alice, GroupDraft(name="Depot")).id
        tomorrow = clock.now() + timedelta(days=1)
        session.add(SignIn(person_id=cast.alice.id, token_hash="0" * 64, expires_at=tomorrow, address="", browser=""))
    path = _write(
        tmp_path, PARTING + "Alice Example,alice,left,bob\nCarol Example,carol,Left,\nErin Example,erin,left,\n"
    )
    assert "status: active -> left" in _run(app, path, "--dry-run").output
    assert _person(database, "alice").deactivated_at is None
    result = _run(app, path)
    assert "0 added, 2 changed, 1 as they were, 0 left out" in result.output
    assert "successor: bob" in result.output
    assert _person(database, "alice").deactivated_at is not None
    assert _person(database, "carol").deactivated_at is not None
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
        assert owner_ids(session, group_id) == [cast.bob.id]
        assert session.get_one(Succession, cast.alice.id).successor_id == cast.bob.id
        assert session.get(Succession, cast.carol.id) is None
    assert "0 added, 0 changed, 3 as they were, 0 left out" in _run(app, path).output


def test_who_is_back_is_let_in_and_a_row_without_status_says_nothing(
    app: Flask, database: Database, cast: Cast, tmp_path: Path
) -> None:
    assert "1 as they were" in _run(app, _write(tmp_path, PARTING + "Erin Example,erin,,\n")).output
    assert _person(database, "erin").deactivated_at is not None
    assert "status: left -> active" in _run(app, _write(tmp_path, PARTING + "Erin Example,erin,active,\n")).output
    assert _person(database, "erin").deactivated_at is None


def test_who_left_before_they_came_gets_no_account(app: Flask, database: Database, cast: Cast, tmp_path: Path) -> None:
    path = _write(tmp_path, PARTING.replace("\n", ",manager\n") + "Zoë Quill,zoe,left,,alice\n")
    assert "0 added, 0 changed, 1 as they were, 0 left out" in _run(app, path).output
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(Person).where(Person.username == "zoe")) is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Alice Example,alice,gone,", "status 'gone' is neither active nor left"),
        ("Alice Example,alice,active,bob", "successor is for those who left"),
        ("Alice Example,alice,left,alice", "successor is the person themselves"),
        ("Alice Example,alice,left,nobody", "Nobody who works here"),
        ("Alice Example,alice,left,erin", "Nobody who works here"),
        ("Dana Example,dana,left,", "the last admin"),
    ],
)
@pytest.mark.usefixtures("cast")
def test_partings_that_cannot_be_are_named_and_left_out(
    app: Flask, database: Database, tmp_path: Path, row: str, reason: str
) -> None:
    output = _run(app, _write(tmp_path, f"{PARTING}{row}\nBob Sample,bob,,\n")).output
    assert reason in output
    assert "1 changed, 0 as they were, 1 left out" in output
    assert _person(database, row.split(",")[1]).deactivated_at is None
