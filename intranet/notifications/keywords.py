"""Words that people want to hear of: found by looking up the words of a text, not by trying every wish."""

import re

from flask_babel import gettext as _
from sqlalchemy import Text, delete, select
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.text import excerpt, fold
from intranet.kernel.together import listing
from intranet.notifications.models import Keyword

MOST = 20
LONGEST = 60
# Scripts that put no blanks between words, and pictures: each of their characters counts as a word.
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\U0001f000-\U0001faff"
)
_WORD = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}](?:(?:[^\W{_ALONE}]|[.+#-])*(?:[^\W{_ALONE}]|[+#]))?")
_APART = re.compile(r"[\n,;，；、،؛]")
_IS_ALONE = re.compile(rf"[{_ALONE}]")
_BETWEEN_ALONE = re.compile(rf"(?<=[{_ALONE}]) (?=[{_ALONE}])")
_LONGEST_PHRASE, _WEIGHT = 9, 3  # nine characters that stand alone, or three words
_MOST_LOOKED_UP = 5_000
_WAITING = listing(lambda among: select(Keyword.person_id).where(Keyword.word.in_(among("words", of=Text))))


def phrases_of(folded: str) -> set[str]:
    """Every word of a folded text, and every run of them, as they could have been wished for."""
    words = _WORD.findall(folded)
    found: set[str] = set()
    for at in range(len(words)):
        end, weight = at, 0
        while end < len(words) and (weight := weight + _weight(words[end])) <= _LONGEST_PHRASE:
            end += 1
            found.add(_phrase(words[at:end]))
    return {phrase for phrase in found if len(phrase) <= LONGEST}


def _weight(word: str) -> int:
    return 1 if _IS_ALONE.match(word) else _WEIGHT


def _phrase(words: list[str]) -> str:
    return _BETWEEN_ALONE.sub("", " ".join(words))


def who_watches(session: Session, folded: str) -> set[int]:
    """The people who wait for any word of a text. One statement: of a very long one, the wishes are looked up in it."""
    phrases = phrases_of(folded)
    if len(phrases) <= _MOST_LOOKED_UP:
        return {row.person_id for row in _WAITING(session, words=sorted(phrases))}
    rows = session.execute(select(Keyword.person_id, Keyword.word))
    return {person_id for person_id, word in rows if word in phrases}


def tidied(lines: str) -> list[str]:
    """Wishes as they are stored: folded, one for each line or comma, each once, in order.

    Raises:
        Invalid: one of them could never be found.
    """
    given = [one.strip() for one in _APART.split(lines)]
    return list(dict.fromkeys(_wish(one) for one in given if one))


def _wish(given: str) -> str:
    words = _WORD.findall(fold(given))
    phrase, beginning = _phrase(words), excerpt(given, most=LONGEST)
    if not words:
        raise Invalid({"keywords": str(_("There is no word in “%(given)s”.", given=beginning))})
    if len(phrase) > LONGEST or sum(map(_weight, words)) > _LONGEST_PHRASE:
        raise Invalid({"keywords": str(_("“%(given)s” is too long: at most three words together.", given=beginning))})
    return phrase


def keywords_of(session: Session, person_id: int) -> list[str]:
    """What somebody waits for, by the alphabet."""
    return list(session.scalars(select(Keyword.word).where(Keyword.person_id == person_id).order_by(Keyword.word)))


def keep(session: Session, person_id: int, words: list[str]) -> None:
    """Wait for these and no others."""
    session.execute(delete(Keyword).where(Keyword.person_id == person_id))
    session.add_all(Keyword(person_id=person_id, word=word) for word in words)
