"""An index that lived through anything says what one says that was made anew; two processes agree."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE, Batch, Document, Kind
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
others = (*("store", "answer") * 3, "follow", "look", "merge", "reopen", "rebuild")
steps = st.lists(changes | st.sampled_from([(name, [], []) for name in others]), max_size=16)


@dataclass
class Company:
    """The truth with its outbox, the process that stores, and one that only answers. Each follows the outbox by itself:
    what several events touched is read together, as it is by then."""

    folder: Path
    there: dict[str, Document] = field(default_factory=dict)
    outbox: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.worker, self.web = Index(self.folder, everyone=EVERYONE), Index(self.folder, everyone=EVERYONE)

    def step(self, name: str, added: list[Document], removed: list[int]) -> None:
        match name:
            case "change":
                self.change(added, [f"{kind}:{number}" for number in removed for kind in KINDS])
            case "follow":
                self.follow(self.worker)
            case "store":
                self.follow(self.worker)
                self.worker.flush()
            case "answer":
                self.follow(self.web)
                self.web.refresh()
            case "look":
                self.web.refresh()
            case "merge":
                self.worker.merge(self.worker.entries)
            case "rebuild":
                self.worker.rebuild(self.there.values(), watermark=len(self.outbox), progress=None, helper=None)
            case "reopen":
                self.worker.close()
                self.web.close()
                self.__post_init__()

    def change(self, added: list[Document], removed: list[str]) -> None:
        made = {document.id: document for document in added}
        gone = [identity for identity in removed if identity not in made]
        self.there = {identity: kept for identity, kept in self.there.items() if identity not in gone} | made
        self.outbox.append([*made, *gone])

    def follow(self, index: Index) -> None:
        touched = {identity for event in self.outbox[index.watermark :] for identity in event}
        index.apply(
            Batch(
                watermark=len(self.outbox),
                add=[made for identity, made in self.there.items() if identity in touched],
                remove=sorted(touched - self.there.keys()),
            )
        )


@settings(max_examples=100, deadline=None)
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
        for last in ("follow", "store"):
            company.step(last, [], [])
            company.step("answer", [], [])
            for audiences in (frozenset({EVERYONE, MINE}), frozenset({EVERYONE, MINE, HIDDEN})):
                expected = told(fresh.current(), audiences)
                assert told(company.worker.current(), audiences) == expected
                assert told(company.web.current(), audiences) == expected
        assert company.worker.health(thorough=True).documents == len(company.there)
