"""Before a question goes out: what was asked already, who is likely to know, and which topics it is about.

The engine is asked outside any transaction; what is shown is read again through the viewer's own session.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.expertise.describing import ExpertCard, describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.expertise.relating import resembling
from intranet.kernel.batches import in_batches
from intranet.kernel.forms import Form, Line, Text
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import PostCard
from intranet.posts.composing import composer_again
from intranet.posts.models import PostKind
from intranet.questions.actions import find_question
from intranet.questions.listing import MOST_FOUND, cards_of, each_once
from intranet.questions.offering import Offer, offered_kinds, offers
from intranet.questions.views import feature
from intranet.search.asking import search
from intranet.search.narrowing import Narrowing
from intranet.search.question import read_question
from intranet.search.sources import key_of
from intranet.topics.queries import TopicCard, topic_cards
from intranet.topics.vocabulary import topic_ids

ALIKE = 3
_EXPERTS, _TOGETHER, _LOOKED_AT = 3, 4, 10
_TOPICS, _LONGEST_NAME, _MOST_NAMES = 5, 3, 200
# Of what a draft says, or of what the other's title says: less than either is another question.
LEAST, TITLED = 0.2, 0.5
_SHORTEST = 3  # words
_WORD = re.compile(r"[\w.+-]*\w")


class DraftForm(Form):
    """What stands in the composer by now."""

    title: Line = ""
    text: Text = ""

    @property
    def is_enough(self) -> bool:
        """Whether it says something yet."""
        return len(self.title.split()) >= _SHORTEST


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine says to a draft: documents like it, best first, and who is likely to know."""

    draft: DraftForm
    alike: tuple[str, ...] = ()
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class BeforeAsking:
    """What is shown of it. What is ``kept`` comes before plain questions. ``named`` topics stand in the draft's words,
    ``near`` ones in questions like it."""

    kept: list[Offer]
    alike: list[PostCard]
    experts: list[ExpertCard]
    named: list[TopicCard]
    near: list[TopicCard]


def find_alike(viewer: Viewer, *, title: str, text: str, without: int = 0) -> tuple[str, ...]:
    """Questions that ask the same, and what answers such questions, best first. Call it outside any transaction."""
    hits = resembling(
        viewer,
        title=title,
        text=text,
        kinds=offered_kinds() | {PostKind.QUESTION.value},
        least=LEAST,
        titled=TITLED,
        limit=_LOOKED_AT,
        without=frozenset({f"post:{without}"}),
    )
    return tuple(hit.id for hit in hits)


def _around_draft(
    session: Session, viewer: Viewer, alike: Sequence[str], *, but: int = 0
) -> tuple[list[Offer], list[PostCard]]:
    """What is kept, and the questions beside it that it was not made of; ``but`` is what was made of one question."""
    kept = [one for one in offers(session, viewer, alike) if one.answers != but][:ALIKE]
    made_of = {one.answers for one in kept}
    ids = [int(key_of(one)) for one in alike if one.startswith("post:")]
    return kept, each_once(cards_of(session, viewer, [one for one in ids if one not in made_of]))[:ALIKE]


def find_questions(viewer: Viewer, words: str) -> tuple[int, ...]:
    """Ids of the questions that hold some words, best first. Call it outside any transaction."""
    asked = Narrowing(kind=(PostKind.QUESTION.value,))
    found = search(viewer, read_question(words), narrowing=asked, limit=MOST_FOUND)
    return tuple(int(key_of(hit.id)) for hit in found.hits)


def _look(viewer: Viewer) -> Found:
    draft = DraftForm.parse(request.form)
    if not draft.is_enough:
        return Found(draft)
    alike = find_alike(viewer, title=draft.title, text=draft.text)
    return Found(draft, alike, find_experts(viewer, Asked(f"{draft.title}\n{draft.text}".strip(), limit=_LOOKED_AT)))


@feature.post("/questions/before", allow=MEMBER, prepare=_look, writes=False)
def before(session: Session, viewer: Viewer, prepared: Found) -> ResponseReturnValue:
    """What one would like to see before asking; without script on a page with the composer."""
    around, asked_for = _around(session, viewer, prepared), request.form.getlist("ask")
    if wants_fragment():
        return render("questions/_before.html", before=around, asked_for=asked_for)
    box = composer_again(session, viewer, {**request.form, "kind": PostKind.QUESTION.value})
    return render("questions/before.html", before=around, composer=box, asked_for=asked_for)


def _around(session: Session, viewer: Viewer, found: Found) -> BeforeAsking:
    kept, alike = _around_draft(session, viewer, found.alike)
    ids = topic_ids(session, _names(f"{found.draft.title}\n{found.draft.text}")) if found.draft.is_enough else {}
    named = list(topic_cards(session, ids.values()).values())[:_TOPICS]
    known = {topic.id for topic in named}
    near = {topic.id: topic for card in alike for topic in card.topics if topic.id not in known}
    return BeforeAsking(
        kept=kept,
        alike=alike,
        experts=_likely(session, viewer, found.answer) if found.answer else [],
        named=named,
        near=list(near.values())[: _TOPICS - len(named)],
    )


def _likely(session: Session, viewer: Viewer, answer: Answer) -> list[ExpertCard]:
    """The first who may be asked. What speaks for somebody takes a while to read: nobody is read of whom no place is
    left for."""
    items, found = answer.experts.items, list[ExpertCard]()
    for few in in_batches(items, _TOGETHER):
        read = replace(answer, experts=replace(answer.experts, items=tuple(few)))
        found += (one for one in describe(session, viewer, read) if one.is_askable and not one.is_me)
        if len(found) >= _EXPERTS:
            break
    return found[:_EXPERTS]


def _names(text: str) -> list[str]:
    """Words that may name a topic, by themselves and together with those after them: ``consumer lag``."""
    words = _WORD.findall(text)[:_MOST_NAMES]
    return [
        " ".join(words[start : start + length])
        for length in range(_LONGEST_NAME, 0, -1)
        for start in range(len(words) - length + 1)
    ]


def _look_around(viewer: Viewer, post_id: int) -> tuple[str, ...]:
    with runtime().database.reading(viewer) as session:
        post = find_question(session, post_id)
        title, text = post.title, post.text
    return find_alike(viewer, title=title, text=text, without=post_id)


@feature.get("/questions/<id:post_id>/similar", allow=MEMBER, prepare=lambda viewer: _look_around(viewer, _asked_id()))
def similar(session: Session, viewer: Viewer, post_id: int, prepared: tuple[str, ...]) -> ResponseReturnValue:
    """Questions like one, and what answers them, as a part of its page."""
    find_question(session, post_id)
    kept, alike = _around_draft(session, viewer, prepared, but=post_id)
    return render("questions/_similar.html", kept=kept, alike=alike)


def _asked_id() -> int:
    return int((request.view_args or {})["post_id"])
