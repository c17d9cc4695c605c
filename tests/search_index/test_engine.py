"""What the port promises about changes: visible at once, stored safely, noticed by every process."""

from pathlib import Path

import pytest

from search_index.documents import Batch
from search_index.engine import Engine, open_engine
from search_index.expertise import ExpertQuery
from search_index.hits import SearchQuery
from tests.search_index.writing import ALL, document, drop, experts, found, put


def test_a_document_is_found_as_soon_as_it_is_applied(engine: Engine) -> None:
    put(engine, document(1, "the broker is stuck"), at=5)
    assert found(engine, "broker") == {"post:1"}
    assert engine.watermark == 5
    assert engine.pending == 1


def test_a_removed_document_is_gone_at_once_and_stays_gone(engine: Engine, directory: Path) -> None:
    put(engine, document(1, "secret plan"), document(2, "open plan"), at=1)
    engine.flush()
    drop(engine, "post:1", at=2)
    assert found(engine, "plan") == {"post:2"}
    engine.flush()
    assert found(engine, "plan") == {"post:2"}
    assert found(open_engine(directory, writer=False), "plan") == {"post:2"}


def test_an_edit_replaces_what_was_there_in_memory_and_on_disk(engine: Engine) -> None:
    put(engine, document(1, "kafka"))
    put(engine, document(1, "rabbit"), at=2)
    assert found(engine, "kafka") == set()
    engine.flush()
    put(engine, document(1, "pulsar"), at=3)
    assert found(engine, "rabbit") == set()
    assert found(engine, "pulsar") == {"post:1"}
    engine.flush()
    assert found(engine, "rabbit kafka pulsar") == {"post:1"}
    assert engine.health().documents == 1


def test_applying_a_batch_twice_changes_nothing(engine: Engine) -> None:
    batch = Batch(watermark=4, add=[document(1, "first"), document(2, "second")], remove=["post:9"])
    engine.apply(batch)
    once = engine.search(SearchQuery("", ALL))
    engine.apply(batch)
    assert engine.search(SearchQuery("", ALL)) == once
    engine.flush()
    engine.apply(batch)
    assert engine.search(SearchQuery("", ALL)) == once


def test_answers_are_the_same_from_memory_and_from_disk(engine: Engine, directory: Path) -> None:
    texts = ["kafka lag", "kafka consumer lag climbs", "welding", "lag of kafka topics", "ssl and kafka"]
    put(engine, *(document(n, text, author=n % 3 + 1, day=n) for n, text in enumerate(texts)))
    query = ExpertQuery("kafka lag", ALL)
    before = engine.experts(query)
    assert engine.flush()
    assert engine.experts(query) == before
    assert open_engine(directory, writer=False).experts(query) == before


def test_a_reader_sees_what_it_applied_itself_before_anything_is_stored(directory: Path) -> None:
    web = open_engine(directory, writer=False)
    put(web, document(1, "fresh"), at=7)
    assert found(web, "fresh") == {"post:1"}


def test_a_reader_notices_a_new_state_and_forgets_what_is_stored(engine: Engine, directory: Path) -> None:
    web = open_engine(directory, writer=False)
    put(web, document(1, "first"), at=1)
    put(web, document(2, "second"), at=2)
    put(engine, document(1, "first"), at=1)
    engine.flush()
    web.refresh()
    assert web.pending == 1
    assert web.watermark == 2
    assert found(web, "first") == {"post:1"}
    assert found(web, "second") == {"post:2"}


def test_a_reader_that_lagged_behind_takes_over_the_stored_watermark(engine: Engine, directory: Path) -> None:
    web = open_engine(directory, writer=False)
    put(engine, document(1, "first"), at=9)
    engine.flush()
    web.refresh()
    assert web.watermark == 9
    assert found(web, "first") == {"post:1"}


def test_what_a_reader_took_in_together_and_the_writer_stored_apart_is_not_lost(
    engine: Engine, directory: Path
) -> None:
    web = open_engine(directory, writer=False)
    first, second = document(1, "first"), document(2, "second")
    put(web, first, second, at=2)
    for number, made in enumerate((first, second), start=1):
        put(engine, made, at=number)
        engine.flush()
        web.refresh()
    assert web.pending == 0
    assert found(web, "first second") == {"post:1", "post:2"}


def test_what_was_read_before_a_newer_stored_state_came_in_does_not_undo_it(engine: Engine, directory: Path) -> None:
    web = open_engine(directory, writer=False)
    put(engine, document(1, "careless"), at=1)
    drop(engine, "post:1", at=2)
    engine.flush()
    web.refresh()
    put(web, document(1, "careless"), at=1)  # it took that long from the database to here
    assert found(web, "careless") == set()
    assert web.watermark == 2


def test_a_removal_that_is_newer_than_the_stored_state_survives_it(engine: Engine, directory: Path) -> None:
    web = open_engine(directory, writer=False)
    drop(web, "post:1", at=5)
    put(engine, document(1, "first"), at=4)
    engine.flush()
    web.refresh()
    assert found(web, "first") == set()


def test_only_the_writer_stores(directory: Path) -> None:
    with pytest.raises(RuntimeError):
        open_engine(directory, writer=False).flush()


def test_a_flush_without_changes_writes_nothing(engine: Engine) -> None:
    assert not engine.flush()
    put(engine, document(1, "first"))
    assert engine.flush()
    generation = engine.health().generation
    assert not engine.flush()
    assert engine.health().generation == generation


def test_many_small_flushes_are_merged_and_lose_nothing(engine: Engine) -> None:
    for number in range(40):
        put(engine, document(number, f"note{number} shared", author=number), at=number)
        if number % 3 == 0:
            drop(engine, f"post:{number - 1}", at=number)
        engine.flush()
    kept = {f"post:{number}" for number in range(40) if (number + 1) % 3 or number == 39}
    assert found(engine, "shared") == kept
    assert engine.health().segments < 20
    assert len(experts(engine, "shared")) == 20


def test_a_rebuild_replaces_everything_and_asks_for_what_came_meanwhile(engine: Engine, directory: Path) -> None:
    put(engine, document(1, "old"), document(2, "stale"), at=10)
    engine.flush()
    put(engine, document(3, "meanwhile"), at=12)
    steps: list[int] = []
    assert engine.rebuild([document(1, "new")], watermark=8, progress=steps.append) == 1
    assert steps == [1]
    assert found(engine, "stale") == set()
    assert found(engine, "new") == {"post:1"}
    assert found(engine, "meanwhile") == {"post:3"}
    assert engine.watermark == 8
    assert not engine.health().rebuild
    assert len(list(directory.glob("index-*"))) == 1


def test_a_new_index_asks_to_be_built(engine: Engine) -> None:
    assert engine.health().rebuild
    assert engine.search(SearchQuery("anything", ALL)).total == 0
    put(engine, document(1, "first"))
    engine.flush()
    assert engine.health().rebuild
    engine.rebuild([], watermark=0)
    assert not engine.health().rebuild


def test_two_writers_do_not_lose_each_others_changes(engine: Engine, directory: Path) -> None:
    other = open_engine(directory, writer=True)
    put(engine, document(1, "first"), at=1)
    engine.flush()
    put(other, document(2, "second"), at=2)
    other.flush()
    engine.refresh()
    assert found(engine, "first") == {"post:1"}
    assert found(engine, "second") == {"post:2"}
