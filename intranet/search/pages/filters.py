"""What narrows a search, ready to be shown: chips for what is on, and counted choices for what could be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.text import fold, slugify
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.search.asking import Found
from intranet.search.documents.written import CODE, FILE, IMAGE, LINK
from intranet.search.moments import MONTH, WEEK, YEAR
from intranet.search.narrowing import query_string
from intranet.search.places import places_of
from intranet.search.question import Operator
from intranet.search.understanding import Understood
from intranet.topics.models import Topic
from intranet.topics.vocabulary import topic_ids
from search_index.hits import Facet

MOST_CHOICES = 8
MOST_YEARS = 5
KIND_NAMES = {
    "person": lazy_gettext("People"),
    "topic": lazy_gettext("Topics"),
    "group": lazy_gettext("Groups"),
    "question": lazy_gettext("Questions"),
    "article": lazy_gettext("Articles"),
    "post": lazy_gettext("Posts"),
    "comment": lazy_gettext("Comments"),
    "message": lazy_gettext("Messages"),
    "file": lazy_gettext("Files"),
}
FLAG_NAMES = {
    "link": lazy_gettext("a link"),
    "code": lazy_gettext("code"),
    "image": lazy_gettext("a picture"),
    "file": lazy_gettext("a file"),
    "poll": lazy_gettext("a poll"),
    "praise": lazy_gettext("praise"),
    "mention": lazy_gettext("a mention"),
    "announcement": lazy_gettext("announcements"),
}
TIME_NAMES = {
    "": lazy_gettext("Any time"),
    WEEK: lazy_gettext("Past week"),
    MONTH: lazy_gettext("Past month"),
    YEAR: lazy_gettext("Past year"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is on; ``address`` is the search without it, ``kind`` how it is drawn."""

    key: str
    value: str
    address: str
    kind: str = "in"
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; ``count`` is None where the engine does not count it."""

    value: str
    name: str
    count: int | None
    is_chosen: bool
    face: PersonCard | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """One filter. Of a ``is_single`` one only one value can be on."""

    name: str
    legend: str
    choices: tuple[Choice, ...]
    is_single: bool = False


def chips(understood: Understood) -> list[Chip]:
    """Everything that narrows, in the order of the line and then of the filters."""
    question, narrowing = understood.question, understood.narrowing
    typed = [_typed(understood, operator) for operator in question.operators]
    ticked = [
        Chip(
            key=_KEYS[name],
            value=_name(understood, name, value),
            address=f"/search?{query_string(question.text, narrowing.without(name, value))}",
            is_known=bool(understood.people.get(value)) if name == "by" else True,
        )
        for name, value in narrowing.filters
    ]
    return [*typed, *ticked]


_KEYS = {"by": "from:", "topic": "#", "place": "in:", "has": "has:", "when": ""}


def _typed(understood: Understood, operator: Operator) -> Chip:
    question = understood.question
    key, value, is_known = operator.key, operator.value, True
    if key == "from:":
        name = value.lower().lstrip("@")
        value, is_known = _people(understood, name), bool(understood.people.get(name))
    elif key == "in:":
        found = understood.places.get(value, ())
        value, is_known = ", ".join(place.name for place in found) or value, bool(found)
    elif key == "#":
        value = _topic(understood, value)
    elif key in {"after:", "before:"}:
        moment = question.since if key == "after:" else question.until
        value = format_date(moment.date(), "d MMMM y") if moment else value
    elif key == "-":
        key = "−"
    address = f"/search?{query_string(operator.rest, understood.narrowing)}"
    return Chip(key, value, address, "not" if operator.key == "-" else "in", is_known)


def _name(understood: Understood, name: str, value: str) -> str:
    if name == "by":
        return _people(understood, value)
    if name == "topic":
        return _topic(understood, value)
    if name == "place":
        return ", ".join(place.name for place in understood.places.get(value, ())) or _("a place you cannot see")
    names = FLAG_NAMES if name == "has" else TIME_NAMES
    return str(names.get(value, value))


def _people(understood: Understood, value: str) -> str:
    return ", ".join(person.name for person in understood.people.get(value, ())) or value


def _topic(understood: Understood, value: str) -> str:
    card = understood.topics.get(value)
    return card.name if card else value


def choices(session: Session, viewer: Viewer, found: Found) -> list[Choices]:
    """The filters with what they would leave; those that have nothing to offer are left out."""
    offered = [
        Choices("in", _("Where"), tuple(_place_choices(session, found))),
        Choices("by", _("Who wrote it"), tuple(_person_choices(session, viewer, found))),
        Choices("topic", _("Topic"), tuple(_topic_choices(session, found))),
        Choices("when", _("When"), tuple(_time_choices(found)), is_single=True),
        Choices("has", _("With"), tuple(_flag_choices(found))),
    ]
    return [filter_ for filter_ in offered if len(filter_.choices) > 1 or any(c.is_chosen for c in filter_.choices)]


def _counted(found: Found, facet: Facet) -> dict[str | int, int]:
    return dict(found.facets.get(facet, ()))


def _first(every: Iterable[Choice]) -> Iterator[Choice]:
    """The most frequent, and whatever is chosen."""
    return (choice for at, choice in enumerate(every) if at < MOST_CHOICES or choice.is_chosen)


def _place_choices(session: Session, found: Found) -> Iterator[Choice]:
    counts = _counted(found, Facet.AUDIENCE)
    chosen = {int(key) for key in found.narrowing.place}
    places = places_of(session, {int(key) for key in counts} | chosen)
    ordered = sorted(places.values(), key=lambda place: (-counts.get(place.audience_id, 0), place.name))
    yield from _first(
        Choice(str(p.audience_id), p.name, counts.get(p.audience_id, 0), p.audience_id in chosen) for p in ordered
    )


def _person_choices(session: Session, viewer: Viewer, found: Found) -> Iterator[Choice]:
    counts = _counted(found, Facet.AUTHOR)
    chosen = {person.id for name in found.narrowing.by for person in found.understood.people.get(name, ())}
    cards = person_cards(session, {int(key) for key in counts if int(key) > 0} | chosen)
    ordered = sorted(cards.values(), key=lambda card: (-counts.get(card.id, 0), card.name))
    yield from _first(
        Choice(
            card.username,
            _("You") if card.id == viewer.id else card.name,
            counts.get(card.id, 0),
            card.id in chosen,
            face=card,
        )
        for card in ordered
    )


def _topic_choices(session: Session, found: Found) -> Iterator[Choice]:
    """The engine counts by written names; two names of one topic are one choice."""
    labels = {str(label): count for label, count in _counted(found, Facet.TOPIC).items()}
    called = _topics_called(session, [*labels, *found.narrowing.topic])
    counts: dict[str, int] = {}
    for label, count in labels.items():
        if topic := called.get(label):
            counts[topic.slug] = max(counts.get(topic.slug, 0), count)
    chosen = {called[name].slug for name in found.narrowing.topic if name in called}
    names = {topic.slug: topic.name for topic in called.values()}
    ordered = sorted(names, key=lambda slug: (-counts.get(slug, 0), names[slug]))
    yield from _first(Choice(slug, names[slug], counts.get(slug, 0), slug in chosen) for slug in ordered)


def _topics_called(session: Session, names: Sequence[str]) -> dict[str, Topic]:
    """Topics by name, address or other name, under the name that was given."""
    if not names:
        return {}
    folded = select(Topic).where(Topic.folded_name.in_({fold(name) for name in names}))
    by_name = {topic.folded_name: topic for topic in session.scalars(folded)}
    ids = topic_ids(session, [name for name in names if fold(name) not in by_name])
    by_id = {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(ids.values())))}
    found = {name: by_name.get(fold(name)) or by_id.get(ids.get(slugify(name), 0)) for name in names}
    return {name: topic for name, topic in found.items() if topic}


def _time_choices(found: Found) -> Iterator[Choice]:
    """Past week, past month, and years; each counted without the filter that is on."""
    chosen = found.narrowing.when
    yield Choice("", str(TIME_NAMES[""]), None, not chosen)
    for name, count in found.times.items():
        yield Choice(name, str(TIME_NAMES[name]), count, name == chosen)
    years = {int(year): count for year, count in _counted(found, Facet.YEAR).items()}
    if chosen.isdigit():
        years.setdefault(int(chosen), 0)
    elif chosen and chosen not in found.times:
        yield Choice(chosen, str(TIME_NAMES[chosen]), found.total, is_chosen=True)
    for place, year in enumerate(sorted(years, reverse=True)):
        if place < MOST_YEARS or str(year) == chosen:
            yield Choice(str(year), str(year), years[year], str(year) == chosen)


def _flag_choices(found: Found) -> Iterator[Choice]:
    if not found.total and not found.narrowing.has:
        return
    for flag in dict.fromkeys((LINK, CODE, IMAGE, FILE, *found.narrowing.has)):
        yield Choice(flag, str(FLAG_NAMES[flag]), None, flag in found.narrowing.has)


def tabs(found: Found) -> list[Choice]:
    """All, and each kind that is searched; a kind's count is without the choice of kinds."""
    kinds = found.understood.kinds
    everything = Choice("", _("All"), sum(found.kinds.values()), not kinds)
    several = [
        Choice(kind, str(KIND_NAMES.get(kind, kind)), count, kinds == {kind}) for kind, count in found.kinds.items()
    ]
    return [everything, *sorted(several, key=lambda each: _ORDER.get(each.value, len(_ORDER)))]


_ORDER = {kind: at for at, kind in enumerate(KIND_NAMES)}


def address(found: Found, **changes: object) -> str:
    """The address of this search with some of its narrowing changed."""
    return f"/search?{query_string(found.question.text, replace(found.narrowing, **changes))}"  # type: ignore[arg-type]  # as the dataclass takes them
