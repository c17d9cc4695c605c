"""Our analysis as a Whoosh analyser and schema, so that an ordinary Whoosh index reads text exactly as we do."""

from collections.abc import Iterator

from whoosh import analysis, fields

from search_index.analysis import tokens, words
from search_index.storing.schema import LABEL, TEXT, TITLE, TOPIC


class TermAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # Whoosh carries no types
    """Yields every term of a text with its position. Questions are read as phrases are: a compound gives way to
    its parts, so that Whoosh's own phrases, which know of no two words in one place, agree with ours."""

    def __call__(  # the signature is Whoosh's
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        mode: str = "",
        **_: object,
    ) -> Iterator[analysis.Token]:
        token = analysis.Token(positions, chars, mode=mode)
        for text, place, begin, end in self._read(value, asked=mode == "query" or chars):
            token.text = text
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = start_pos + place
            if chars:
                token.startchar, token.endchar = begin, end
            yield token

    @staticmethod
    def _read(value: str, *, asked: bool) -> Iterator[tuple[str, int, int, int]]:
        if not asked:
            for text, place in zip(*tokens(value), strict=True):
                yield text, place, 0, 0
            return
        place = 0
        for word in words(value):
            for text in word.sequence:
                yield text, place, word.start, word.end
                place += 1


def make_schema() -> fields.Schema:
    """The searched fields of the index; labels are taken as they are."""
    texts = {name: fields.TEXT(analyzer=TermAnalyzer(), phrase=True) for name in (TEXT, TITLE, TOPIC)}
    return fields.Schema(**texts, **{LABEL: fields.KEYWORD(commas=True, lowercase=True)})
