"""Words that people want to hear of: found by looking up the words of a text, not by trying every wish."""

import re

from sqlalchemy import Text, delete, select
from sqlalchemy.orm import Session

from intranet.kernel.text import fold
from intranet.kernel.together import listing
from intranet.notifications.models import Keyword

MOST = 20
LONGEST = 60
_WORD = re.compile(r"[\w][\w.+#-]*[\w+#]|\w")
_LONGEST_PHRASE = 3
_MOST_LOOKED_UP = 5_000
_WAITING = listing(lambda among: select(Keyword.person_id).where(Keyword.word.in_(among("words", of=Text))))


def words_of(folded: str) -> list[str]:
    """Every word of a folded text, and every run of up to three, as they could have been wished for."""
    words = _WORD.findall(folded)
    runs = {
        " ".join(words[at : at + size]) for size in range(1, _LONGEST_PHRASE + 1) for at in range(len(words) - size + 1)
    }
    return sorted(run for run in runs if len(run) <= LONGEST)[:_MOST_LOOKED_UP]


def who_watches(session: Session, folded: str) -> set[int]:
    """The people who wait for any word of a text. One statement."""
    return {row.person_id for row in _WAITING(session, words=words_of(folded))}


def tidied(lines: str) -> list[str]:
    """Wishes as they are stored: folded, one for each line or comma, each once, in order."""
    given = (" ".join(_WORD.findall(fold(one))) for one in re.split(r"[\n,;]", lines))
    return list(dict.fromkeys(one for one in given if one))


def keywords_of(session: Session, person_id: int) -> list[str]:
    """What somebody waits for, by the alphabet."""
    return list(session.scalars(select(Keyword.word).where(Keyword.person_id == person_id).order_by(Keyword.word)))


def keep(session: Session, person_id: int, words: list[str]) -> None:
    """Wait for these and no others."""
    session.execute(delete(Keyword).where(Keyword.person_id == person_id))
    session.add_all(Keyword(person_id=person_id, word=word) for word in words)
