"""What stands in the way of a start is told in one line with its remedy."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from intranet.config import Settings
from intranet.operations.migrating import bring_up_to_date
from intranet.operations.preflight import CannotStart, alone_with, require_free_port, require_writable
from intranet.operations.reaching import Unusable


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


def test_a_port_in_use_is_named_with_the_way_out(taken_port: int) -> None:
    with pytest.raises(CannotStart, match=f"Port {taken_port} on 127.0.0.1 .*in use.*--port") as refusal:
        require_free_port("127.0.0.1", taken_port)
    assert "\n" not in str(refusal.value)


def test_a_port_is_free_again_after_its_server_has_gone(taken_port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    require_free_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CannotStart, match=r"192\.0\.2\.1"):
        require_free_port("192.0.2.1", 8000)


def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=r"cannot be written .*COUTH_DATA") as refusal:
        require_writable(tmp_path / "file" / "data")
    assert "\n" not in str(refusal.value)


def test_a_new_data_folder_is_closed_to_other_people(tmp_path: Path) -> None:
    require_writable(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_two_programs_never_have_one_data_folder(tmp_path: Path) -> None:
    with alone_with(tmp_path), pytest.raises(CannotStart, match="being served already"), alone_with(tmp_path):
        pass
    with alone_with(tmp_path):
        pass


def test_a_server_that_does_not_answer_is_named_with_the_way_out_and_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # and nobody listens
        place = f"127.0.0.1:{deaf.getsockname()[1]}/couth"
        with pytest.raises(Unusable, match=f"{place} cannot be used .*start its server.*COUTH_DATABASE_URL") as refusal:
            bring_up_to_date(Settings(data=tmp_path, database_url=f"postgresql://couth:secret@{place}"))
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    file = tmp_path / "couth.db"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(Unusable, match=r"couth\.db cannot be used .*restore the newest backup"):
        bring_up_to_date(settings)
    assert file.read_bytes() == b"not a database at all" * 100
