"""What somebody has shown that they know: topic by topic, with the proofs that the viewer may read."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.expertise import wishes
from intranet.expertise.describing import ExpertCard, describe_topics
from intranet.expertise.knowing.unasked import unasked_topic_ids
from intranet.expertise.proofs import LOOKED_AT
from intranet.expertise.vocabulary import company_topics
from intranet.kernel import apart, reach
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.search.index import index_of
from intranet.topics.models import Topic
from search_index.relations import Known, Knows, KnowsQuery

PAGE = 20
_MOST_PAGES = 50
_NOTHING = Knows((), 0)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the engine says of one person to one viewer; ``topic_ids`` by the labels it uses."""

    person_id: int
    knows: Knows
    topic_ids: Mapping[str, int]
    page: int
    is_out: bool

    @property
    def has_more(self) -> bool:
        return self.page * PAGE < self.knows.total and self.page < _MOST_PAGES


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic as profile and settings show it. ``why`` tells in counts why it came up; it, ``is_hidden`` and
    ``is_unasked`` only ever show to the person themself, and so does ``is_not_theirs``: they said that it is not their
    field."""

    topic_id: int
    slug: str
    name: str
    why: str
    expert: ExpertCard
    is_hidden: bool
    is_unasked: bool
    is_not_theirs: bool


def look_at(viewer: Viewer, person_id: int, *, page: int = 1) -> Looked:
    """Ask the engine about one person, once. Call it outside any transaction.

    They themself see all that the finder would say without their wishes; others see what it says, and of what comes
    from words alone only what the person writes about more than everybody does.
    """
    is_me = viewer.id == person_id
    with runtime().database.reading(viewer) as session:
        topics = company_topics(session)
        is_out = wishes.has_opted_out(session, person_id) or apart.are_apart(session, viewer.member_id, person_id)
        if is_out and not is_me:
            return Looked(person_id, _NOTHING, topics.ids, page, is_out)
        audiences = reach.readable_ids(session, viewer.id)
        hidden = frozenset() if is_me else wishes.hidden_topic_ids(session, person_id)
    labels = {topic_id: label for label, topic_id in topics.ids.items()}
    query = KnowsQuery(
        person_id=person_id,
        audiences=audiences,
        vocabulary=topics.vocabulary,
        without=frozenset(labels[topic_id] for topic_id in hidden if topic_id in labels),
        with_usual=is_me,
        limit=PAGE,
        offset=(page - 1) * PAGE,
        evidence=LOOKED_AT,
    )
    return Looked(person_id, index_of().ask(lambda engine: engine.knows(query)), topics.ids, page, is_out)


def describe_known(session: Session, viewer: Viewer, looked: Looked) -> list[KnownTopic]:
    """The same in words and proofs, without those that nothing readable proves any more."""
    is_me = viewer.id == looked.person_id
    hidden = wishes.hidden_topic_ids(session, looked.person_id)
    unasked = unasked_topic_ids(session, looked.person_id) if is_me else frozenset()
    foreign = wishes.not_my_field_ids(session, looked.person_id) if is_me else frozenset()
    found = [(looked.topic_ids[known.topic], known) for known in looked.knows.items if known.topic in looked.topic_ids]
    topics = {
        topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_([one for one, _known in found])))
    }
    shown = [(topics[one], known) for one, known in found if one in topics and (is_me or one not in hidden)]
    cards = describe_topics(session, viewer, [(known.name, known.expert) for _topic, known in shown])
    return [
        KnownTopic(
            topic.id,
            topic.slug,
            topic.name,
            _why(known),
            card,
            is_hidden=topic.id in hidden,
            is_unasked=topic.id in unasked,
            is_not_theirs=topic.id in foreign,
        )
        for (topic, known), card in zip(shown, cards, strict=True)
        if card is not None and card.proofs
    ]


def _why(known: Known) -> str:
    """Why a topic came up for oneself, in counts."""
    reasons = [
        *([_("you say so on your profile")] if known.is_claimed else []),
        *(
            [ngettext("%(num)s colleague says so", "%(num)s colleagues say so", known.endorsed)]
            if known.endorsed
            else []
        ),
        *([ngettext("%(num)s text with its tag", "%(num)s texts with its tag", known.tagged)] if known.tagged else []),
        *([ngettext("%(num)s text in words", "%(num)s texts in words", known.worded)] if known.worded else []),
    ]
    if not reasons:
        return str(_("Here because colleagues name you where it stands."))
    said = _("Here because of this: %(reasons)s.", reasons=", ".join(str(reason) for reason in reasons))
    usual = _("You write about it no more than everybody does.") if known.is_usual else ""
    return f"{said} {usual}".strip()


def said_foreign(session: Session, person_id: int) -> list[Topic]:
    """The topics of which somebody said that they are not their field, by name."""
    named = select(Topic).where(Topic.id.in_(wishes.not_my_field_ids(session, person_id)))
    return list(session.scalars(named.order_by(Topic.folded_name)))
