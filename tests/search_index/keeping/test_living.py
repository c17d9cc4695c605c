"""An index that lived through anything says what one says that was made anew; two processes agree."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.engine import EVERYONE, Batch, Document, Kind
from search_index.keeping.index import Index
from tests.search_index.keeping.telling import told
from tests.search_index.writing import document

MINE, HIDDEN = 20, 30
WORDS = ["kafka", "lag", "max_poll_lag", "naïve", "東京タワー", "ssl.handshake", "x" * 80]
KINDS = [Kind.POST, Kind.COMMENT, Kind.SKILL, Kind.PERSON, Kind.QUESTION]

texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.just("often " * 300)
documents = st.builds(
    document,
    st.integers(0, 12),
    texts,
    author=st.integers(0, 4),
    audience=st.sampled_from([EVERYONE, MINE, HIDDEN]),
    kind=st.sampled_from(KINDS),
    title=st.sampled_from(["", "kafka", "lag of ssl"]),
    mentions=st.lists(st.integers(1, 5), max_size=3).map(tuple),
    topics=st.lists(st.sampled_from(["Kafka", "#ssl", "ops team", " "]), max_size=3).map(tuple),
    has=st.frozensets(st.sampled_from(["link", "code"])),
    day=st.integers(0, 40),
)
changes = st.tuples(st.just("change"), st.lists(documents, max_size=4), st.lists(st.integers(0, 12), max_size=3))
steps = st.lists(
    changes | st.sampled_from([(name, [], []) for name in ("flush", "merge", "reopen", "rebuild", "look")]), max_size=12
)


@dataclass
class Company:
    """The truth, the process that stores, and one that only answers."""

    folder: Path
    there: dict[str, Document] = field(default_factory=dict)
    mark: int = 0

    def __post_init__(self) -> None:
        self.worker, self.web = Index(self.folder, everyone=EVERYONE), Index(self.folder, everyone=EVERYONE)

    def step(self, name: str, added: list[Document], removed: list[int]) -> None:
        if name == "change":
            self.change(added, [f"{kind}:{number}" for number in removed for kind in KINDS])
        elif name == "flush":
            self.worker.flush()
        elif name == "merge":
            self.worker.merge(self.worker.entries)
        elif name == "reopen":
            self.worker, self.web = self.again(self.worker), self.again(self.web)
        elif name == "rebuild":
            self.worker.rebuild(self.there.values(), watermark=self.mark, progress=None, helper=None)
        else:
            self.web.refresh()

    def change(self, added: list[Document], removed: list[str]) -> None:
        self.mark += 1
        unique = {made.id: made for made in added}
        gone = [identity for identity in removed if identity not in unique]
        self.there = {identity: made for identity, made in self.there.items() if identity not in gone} | unique
        batch = Batch(watermark=self.mark, add=list(unique.values()), remove=gone)
        self.worker.apply(batch)
        self.web.apply(batch)

    def again(self, index: Index) -> Index:
        """As after a restart: what was in memory is told again from the outbox, here all at once."""
        index.close()
        opened = Index(self.folder, everyone=EVERYONE)
        known = {f"{kind}:{number}" for kind in KINDS for number in range(13)}
        gone = sorted(known - self.there.keys())
        opened.apply(Batch(watermark=self.mark, add=list(self.there.values()), remove=gone))
        return opened


@settings(max_examples=50, deadline=None)
@given(steps)
def test_whatever_an_index_lived_through_it_says_what_a_new_one_says(
    lived: list[tuple[str, list[Document], list[int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder) / "index")
        for name, added, removed in lived:
            company.step(name, added, removed)
        fresh = Index(Path(folder) / "fresh", everyone=EVERYONE)
        fresh.apply(Batch(watermark=1, add=list(company.there.values())))
        for audiences in (frozenset({EVERYONE, MINE}), frozenset({EVERYONE, MINE, HIDDEN})):
            expected = told(fresh.current(), audiences)
            company.web.refresh()
            assert told(company.worker.current(), audiences) == expected
            assert told(company.web.current(), audiences) == expected
        assert company.worker.health(thorough=True).documents == len(company.there)
