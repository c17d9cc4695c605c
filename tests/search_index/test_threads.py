"""Questions are answered from any number of threads while everything changes beneath them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from search_index.documents import EVERYONE
from search_index.engine import Engine, open_engine
from search_index.expertise import ExpertQuery
from search_index.hits import Facet, SearchQuery
from tests.search_index.writing import ALL, document, drop, put

HIDDEN = 30
STEPS = 60


def ask_until(done: Event, engine: Engine) -> int:
    """How often it was asked; what everybody sees never holds what nobody may see, and never loses what stays."""
    asked = 0
    while not done.is_set() or not asked:
        hits = engine.search(SearchQuery("kafka", ALL, facets=frozenset(Facet), limit=100))
        ids = {hit.id for hit in hits.items}
        assert {"post:0", "post:1"} <= ids
        assert all(hit.audience_id == EVERYONE for hit in hits.items)
        assert not {identity for identity in ids if int(identity.partition(":")[2]) >= 1_000}
        experts = engine.experts(ExpertQuery("kafka lag", ALL))
        assert {1, 2} <= set(experts.people)
        assert len(engine.suggest("kaf", audiences=ALL)) >= 2
        asked += 1
    return asked


def live(writer: Engine, web: Engine) -> None:
    kept = [document(0, "kafka lag", author=1), document(1, "kafka lag climbs", author=2)]
    for mark in range(2, STEPS):
        for engine in (writer, web):
            changed = document(mark, f"kafka number{mark}", author=mark)
            put(engine, changed, document(1_000 + mark, "kafka lag", audience=HIDDEN), at=mark)
            drop(engine, f"post:{mark - 2}" if mark % 7 == 3 and mark > 4 else "post:none", at=mark)
        if mark % 3 == 0:
            writer.flush()
        if mark % 20 == 19:
            writer.rebuild(kept, watermark=mark)


def test_questions_in_many_threads_hold_while_everything_changes(directory: Path) -> None:
    writer = open_engine(directory, writer=True)
    writer.rebuild([document(0, "kafka lag", author=1), document(1, "kafka lag climbs", author=2)], watermark=1)
    web = open_engine(directory, writer=False)
    done = Event()
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask_until, done, engine) for engine in (writer, web, web, writer)]
        try:
            live(writer, web)
        finally:
            done.set()
        assert all(asked.result(60) for asked in asking)
    assert web.check().ok
    writer.close()
