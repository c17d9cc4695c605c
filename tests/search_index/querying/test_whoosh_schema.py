"""An ordinary Whoosh index over our analyser reads documents and questions as we do."""

import pytest
from whoosh.qparser import QueryParser

from search_index.querying.language.whoosh_schema import make_schema
from tests.search_index.querying.stock import OwnStorage


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ('"max poll interval"', {0}),
        ('"set max_poll_interval higher"', {0}),
        ("poll", {0, 1}),
        ('"poll of the maxima"', {1}),
        ('"東京タワー"', {2}),
        ("migration", {3}),
        ("Muller", {3}),
    ],
)
def test_whooshs_own_parser_and_searcher_agree(asked: str, found: set[int]) -> None:
    schema = make_schema()
    index = OwnStorage().create_index(schema)
    writer = index.writer()
    for text in ("set max_poll_interval higher", "a poll of the maxima", "昨日は東京タワーへ", "Müllers migrations"):
        writer.add_document(text=text)
    writer.commit()
    with index.searcher() as searcher:
        hits = searcher.search(QueryParser("text", schema).parse(asked))
        assert {hit.docnum for hit in hits} == found
