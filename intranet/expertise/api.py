"""The finder as JSON."""

from typing import Annotated, Literal

from flask import jsonify
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.accounts.models import Person
from intranet.expertise.describing import Knower, who_knows
from intranet.expertise.finding import MOST, PAGE, Answer, Asked, find_experts
from intranet.expertise.views import feature, narrowing, number, question
from intranet.kernel.api import Api, AtLeastOne, Id, Listed, Moment
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form
from intranet.kernel.policy import MEMBER
from intranet.kernel.together import listing
from intranet.kernel.viewer import Viewer

_LAST_PAGE = 50
_ORIGINS = listing(
    lambda among: select(Person.id, Person.source, Person.external_id).where(Person.id.in_(among("ids")))
)


class ExpertsQuestion(Form):
    """What somebody should know, and the facets of the page. At most a hundred come at once."""

    q: Annotated[str, Field(min_length=1)]
    limit: AtLeastOne = PAGE
    page: AtLeastOne = 1
    department: list[str] = []
    location: list[str] = []
    language: list[str] = []
    available: str = ""
    fresh: str = ""


class KnowerJson(TypedDict):
    """A person in an answer, with the id of the source that they were imported from."""

    id: Id
    username: str
    name: str
    external_id: str | None
    source: str | None
    title: str
    department: str
    location: str
    url: str


class ProofJson(TypedDict):
    """Why somebody is named: what it is, and what the caller may read of it."""

    kind: str
    id: str
    signal: Literal["answered", "wrote", "endorsed", "worked"]
    url: str
    excerpt: str
    created_at: Moment


class ExpertJson(TypedDict):
    """One person in an answer; ``confidence`` is a probability."""

    person: KnowerJson
    score: float
    confidence: float
    confidence_word: str
    is_askable: bool
    evidence: list[ProofJson]


class ExpertsJson(Listed[ExpertJson]):
    """The best first; ``next`` is the next ``page``."""

    took_ms: float
    total: int


def _ask(viewer: Viewer) -> Answer:
    if not question():
        raise Invalid({"q": "say what they should know"})
    limit = number("limit", most=MOST, otherwise=PAGE)
    page = number("page", most=_LAST_PAGE, otherwise=1)
    return find_experts(viewer, Asked(question(), limit=limit, offset=(page - 1) * limit, narrowing=narrowing()))


@feature.get("/api/v1/experts", allow=MEMBER, prepare=_ask, api=Api(ExpertsJson, asks=ExpertsQuestion))
def api_experts(session: Session, viewer: Viewer, prepared: Answer) -> ResponseReturnValue:
    """Best first; takes the page's facets as filters. ``next`` is the next ``page``."""
    experts = who_knows(session, viewer, prepared)
    rows = _ORIGINS(session, ids=[expert.person.id for expert in experts])
    origins = {row.id: (row.source, row.external_id) for row in rows}
    asked = prepared.asked
    return jsonify(
        {
            "items": [_as_json(expert, *origins[expert.person.id]) for expert in experts],
            "next": str(asked.offset // asked.limit + 2) if prepared.more else None,
            "took_ms": round(prepared.took_ms, 2),
            "total": prepared.experts.total,
        }
    )


def _as_json(expert: Knower, source: str | None, external_id: str | None) -> ExpertJson:
    person = expert.person
    return {
        "person": {
            "id": str(person.id),
            "username": person.username,
            "name": person.name,
            "external_id": external_id,
            "source": source,
            "title": person.title,
            "department": person.department,
            "location": person.location,
            "url": person.url,
        },
        "score": round(expert.score, 6),
        "confidence": round(expert.confidence, 4),
        "confidence_word": expert.word,
        "is_askable": expert.is_askable,
        "evidence": [
            {
                "kind": proof.kind,
                "id": proof.key,
                "signal": proof.signal.value,
                "url": proof.url,
                "excerpt": proof.excerpt,
                "created_at": proof.shown.created_at.isoformat(),
            }
            for proof in expert.proofs
        ],
    }
