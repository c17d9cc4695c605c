"""The documents of this product as a Whoosh schema, so that an ordinary Whoosh writer makes the same segments.

With another codec the same schema gives an ordinary Whoosh index over the same terms: what the tests compare.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from whoosh import columns, fields, formats

from search_index.flat.dictionary import as_bytes
from search_index.flat.layout import CODED, FIELDS, NAMED, PAIRED, POSITIONED
from search_index.storing.schema import NUMBERS, Analysed

Items = Iterator[tuple[bytes, int, float, bytes]]


class NumberColumn(columns.NumericColumn):  # type: ignore[misc]  # Whoosh carries no types
    """Numbers that a segment stores as they are."""

    def __init__(self) -> None:
        super().__init__("q")


class CodedColumn(NumberColumn):
    """Ids that a segment stores as codes."""


class NamedColumn(columns.VarBytesColumn):  # type: ignore[misc]  # Whoosh carries no types
    """Words that a segment stores as codes."""


class IdColumn(columns.VarBytesColumn):  # type: ignore[misc]  # Whoosh carries no types
    """The ids of the documents."""


class TermsField(fields.FieldType):  # type: ignore[misc]  # Whoosh carries no types
    """Terms that were analysed before: a value is (terms, positions). `paired` fields are stored by document
    too."""

    def __init__(self, *, positioned: bool, paired: bool) -> None:
        super().__init__(formats.Positions() if positioned else formats.Existence(), None, scorable=True)
        self.paired = paired

    def index(self, value: Any, **_: Any) -> Items:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for term, position in zip(*value, strict=True):
            places[term].append(position)
        for term, positions in places.items():
            if isinstance(self.format, formats.Positions):
                yield as_bytes(term), len(positions), float(len(positions)), self.format.encode(positions)
            else:
                yield as_bytes(term), len(positions), 1.0, b""


def make_schema() -> fields.Schema:
    terms = {name: TermsField(positioned=name in POSITIONED, paired=name in PAIRED) for name in FIELDS}
    coded = {name: fields.COLUMN(CodedColumn()) for name in CODED}
    named = {name: fields.COLUMN(NamedColumn()) for name in NAMED}
    return fields.Schema(id=fields.COLUMN(IdColumn()), created=fields.COLUMN(NumberColumn()), **terms, **coded, **named)


def fields_of(analysed: Analysed) -> dict[str, Any]:
    """What to give to `add_document` of a writer over `make_schema()`."""
    document = analysed.document
    numbers = dict(zip(NUMBERS, analysed.numbers, strict=True))
    return {
        **analysed.tokens,
        "id": document.id.encode(),
        "kind": str(document.kind).encode(),
        "mention": _places([str(person) for person in dict.fromkeys(document.mentions)]),
        "flag": _places(sorted(document.has)),
        **{name: numbers[name] for name in (*CODED, "created")},
    }


def _places(values: list[str]) -> tuple[list[str], range]:
    return values, range(len(values))
