"""What readers said of an article, as its page shows it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.articles.models import Article
from intranet.articles.policy import ArticlePermission
from intranet.articles.schemas import VoiceJson
from intranet.articles.voices.actions import own_voice
from intranet.articles.voices.models import IS_OPEN, ArticleVoice, Says
from intranet.kernel import apart
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page
from intranet.kernel.policy import allows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards

NOTES, PAGE, _FACES = 10, 30, 3


@dataclass(frozen=True, slots=True)
class Tally:
    """How many say what, as far as it is not dealt with."""

    right: int = 0
    different: int = 0


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """What one person said. ``is_muted``: the viewer wants to hear less of them."""

    id: int
    by: PersonCard
    says: Says
    note: str
    said_at: datetime
    settled_at: datetime | None
    settled_by: PersonCard | None
    is_mine: bool
    is_muted: bool

    def as_json(self) -> VoiceJson:
        """The same for everybody who may read it."""
        return {
            "id": str(self.id),
            "by": self.by.as_json(),
            "says": self.says.value,
            "note": self.note,
            "said_at": self.said_at.isoformat(),
            "settled_at": self.settled_at.isoformat() if self.settled_at else None,
        }


@dataclass(frozen=True, slots=True)
class Voices:
    """What stands below an article: ``faces`` and ``last_at`` are of those who say that it is right, ``mine`` is what
    the viewer says, ``notes`` the latest of what is different."""

    tally: Tally
    faces: tuple[PersonCard, ...]
    last_at: datetime | None
    mine: ArticleVoice | None
    notes: list[VoiceCard]
    may_say: bool
    is_any: bool

    @property
    def more(self) -> int:
        """How many notes there are beside those that are shown."""
        return max(0, self.tally.different - len(self.notes))

    @property
    def version(self) -> str:
        """Another one where another note is shown."""
        return " ".join(f"{note.id}:{note.said_at:%s%f}" for note in self.notes)


def tallies(session: Session, article_ids: Iterable[int]) -> dict[int, Tally]:
    """The tally of each of these articles of which somebody said something. One statement."""
    counted = select(ArticleVoice.article_id, ArticleVoice.says, func.count().label("number"))
    counted = counted.where(ArticleVoice.article_id.in_(list(article_ids)), IS_OPEN)
    found: dict[int, dict[str, int]] = {}
    for row in session.execute(counted.group_by(ArticleVoice.article_id, ArticleVoice.says)):
        found.setdefault(row.article_id, {})[row.says.value] = row.number
    return {article_id: Tally(**numbers) for article_id, numbers in found.items()}


def voices_of(session: Session, viewer: Viewer, article: Article) -> Voices:
    """What the readers of an article say of it; seven statements at most."""
    here = select(ArticleVoice).where(ArticleVoice.article_id == article.id, ArticleVoice.hidden_at.is_(None))
    latest = here.where(IS_OPEN).order_by(ArticleVoice.said_at.desc(), ArticleVoice.id.desc())
    right = session.scalars(latest.where(ArticleVoice.says == Says.RIGHT).limit(_FACES)).all()
    different = session.scalars(latest.where(ArticleVoice.says == Says.DIFFERENT).limit(NOTES)).all()
    people = person_cards(session, [row.author_id for row in right])
    return Voices(
        tally=tallies(session, [article.id]).get(article.id, Tally()),
        faces=tuple(people[row.author_id] for row in right),
        last_at=right[0].said_at if right else None,
        mine=own_voice(session, viewer.member_id, article.id) if viewer.is_member else None,
        notes=voice_cards(session, viewer, different),
        may_say=allows(ArticlePermission.SAY, viewer, article) and article.retired_at is None,
        is_any=bool(right or different) or session.scalar(here.limit(1)) is not None,
    )


def voice_cards(session: Session, viewer: Viewer, rows: Sequence[ArticleVoice]) -> list[VoiceCard]:
    """Cards in this order; two statements, none where there is nothing."""
    if not rows:
        return []
    people = person_cards(session, {one for row in rows for one in (row.author_id, row.settled_by_id) if one})
    muted = apart.unheard_ids(session, viewer.id)
    return [
        VoiceCard(
            id=row.id,
            by=people[row.author_id],
            says=row.says,
            note=row.note,
            said_at=row.said_at,
            settled_at=row.settled_at,
            settled_by=people.get(row.settled_by_id or 0),
            is_mine=row.author_id == viewer.id,
            is_muted=row.author_id in muted,
        )
        for row in rows
    ]


def notes_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The notes of these voices that are open, as far as this session's viewer may read them."""
    said = select(ArticleVoice.id, ArticleVoice.note).where(ArticleVoice.id.in_(ids), IS_OPEN)
    return {row.id: row.note for row in session.execute(said)} if ids else {}


def all_voices(session: Session, viewer: Viewer, article_id: int, *, before: str | None = None) -> Page[VoiceCard]:
    """Everything that was said of an article, settled or not, the latest first.

    Raises:
        NotFound: ``before`` is no id.
    """
    said = select(ArticleVoice).where(ArticleVoice.article_id == article_id, ArticleVoice.hidden_at.is_(None))
    if before:
        said = said.where(ArticleVoice.id < parse_id(before))
    rows = session.scalars(said.order_by(ArticleVoice.id.desc()).limit(PAGE + 1)).all()
    older = str(rows[PAGE - 1].id) if len(rows) > PAGE else None
    return Page(voice_cards(session, viewer, rows[:PAGE]), older=older)
