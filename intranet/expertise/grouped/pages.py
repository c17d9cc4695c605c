"""What a group knows: on its rail, and as a tab where its members alone are asked."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.expertise.describing import describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.expertise.grouped.looking import Depth, Members, describe_depths, look_into, members_of
from intranet.expertise.views import feature, number, question
from intranet.groups.finding import group_by_slug
from intranet.groups.queries import card_of
from intranet.groups.views import frame
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from search_index.ranking.confidence import LIKELY

_ON_THE_RAIL, _ON_THE_PAGE = 8, 30
_SHOWN_ON_THE_RAIL = 4
_AT_ONCE, _LAST_PAGE = 10, 50


@dataclass(frozen=True, slots=True)
class _Looked:
    """With a question its answer, without one the topics."""

    answer: Answer | None
    depths: list[Depth]


def _slug() -> str:
    return str((request.view_args or {}).get("slug", ""))


def _look(viewer: Viewer) -> _Looked:
    if question():
        members: Members = members_of(viewer, _slug())
        offset = (number("page", most=_LAST_PAGE, otherwise=1) - 1) * _AT_ONCE
        asked = Asked(question(), limit=_AT_ONCE, offset=offset, only=members.people)
        return _Looked(find_experts(viewer, asked), [])
    most = _ON_THE_RAIL if wants_fragment() else _ON_THE_PAGE
    return _Looked(None, look_into(viewer, members_of(viewer, _slug(), most_topics=most)))


@feature.get("/groups/<slug>/experts", allow=MEMBER, prepare=_look)
def group_experts(session: Session, viewer: Viewer, slug: str, prepared: _Looked) -> ResponseReturnValue:
    """What the members know; with ``q`` those of them who know that, with proofs. The fragment is for the rail."""
    group = group_by_slug(session, slug)
    known = describe_depths(session, prepared.depths)
    if wants_fragment():
        few = known[:_SHOWN_ON_THE_RAIL]
        return render_template("expertise/grouped/_rail_part.html", known=few, group=card_of(group))
    answer = prepared.answer
    experts = describe(session, viewer, answer) if answer else []
    return render(
        "expertise/grouped/index.html",
        question=question(),
        known=known,
        answer=answer,
        experts=experts,
        page=answer.asked.offset // _AT_ONCE + 1 if answer else 1,
        sure_count=sum(expert.confidence >= LIKELY for expert in experts),
        **frame(session, viewer, group, current="experts"),
    )
