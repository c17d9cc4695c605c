"""What praise, announcements and polls of the demo company have beside their words: people, a topic, who took note,
answers and votes."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from intranet.demo.company import SIGNING_IN, Company, Poll, Post
from intranet.kernel.audience import EVERYONE
from intranet.kernel.ids import new_id
from intranet.posts import models as posts
from intranet.posts.announcements.models import Acknowledgement, Announcement
from intranet.posts.polls import models as polls
from intranet.posts.praise.models import Praise, PraisedPerson

_ENDS_IN = timedelta(days=10)
_HAVE_ACKNOWLEDGED = 0.6


def is_praise(post: Post) -> bool:
    """What is said in a group may be out of sight for whom it praises: there it stays a plain post."""
    return bool(post.praised and post.group is None)


def store_kinds(
    session: Session,
    company: Company,
    *,
    source: str,
    people: Mapping[str, int],
    topics: Mapping[str, int],
    now: datetime,
) -> None:
    """Praise for whom it names; polls with their votes; the newest announcement asks for a nod, as most have given."""
    stored = select(posts.Post.external_id, posts.Post.id).where(posts.Post.source == source)
    ids = {name: post_id for name, post_id in session.execute(stored)}  # noqa: C416 (a Row is no pair to dict)
    praising = [(ids[f"{number}"], post) for number, post in enumerate(company.posts) if is_praise(post)]
    common = {"audience_id": EVERYONE}
    given = [{**common, "post_id": post_id, "topic_id": topics[post.topics[0]]} for post_id, post in praising]
    named = [{**common, "post_id": i, "person_id": people[post.praised], "position": 0} for i, post in praising]
    if given:
        session.execute(insert(Praise), given)
        session.execute(insert(PraisedPerson), named)
    for number, post in enumerate(company.posts):
        if post.poll:
            _hold(session, ids[f"{number}"], post.poll, people)
    announced = [(post.written_at, number, post) for number, post in enumerate(company.posts) if post.is_announcement]
    if announced:
        _moment, number, newest = max(announced, key=lambda one: one[0])
        _ask(session, ids[f"{number}"], people[newest.author], people, now)


def _hold(session: Session, post_id: int, poll: Poll, people: Mapping[str, int]) -> None:
    common = {"post_id": post_id, "audience_id": EVERYONE}
    session.add(polls.Poll(**common, is_multiple=False, is_secret=False, closes_at=poll.closes_at))
    session.flush()
    tally = Counter(place for _name, place, _moment in poll.votes)
    options = [
        {**common, "id": new_id(), "position": place, "text": text, "votes": tally[place]}
        for place, text in enumerate(poll.answers)
    ]
    session.execute(insert(polls.PollOption), options)
    cast = [
        {**common, "person_id": people[name], "option_id": options[place]["id"], "voted_at": moment}
        for name, place, moment in poll.votes
    ]
    session.execute(
        insert(polls.Ballot), [{key: one[key] for key in (*common, "person_id", "voted_at")} for one in cast]
    )
    session.execute(
        insert(polls.OpenVote), [{key: one[key] for key in (*common, "person_id", "option_id")} for one in cast]
    )


def _ask(session: Session, post_id: int, owner_id: int, people: Mapping[str, int], now: datetime) -> None:
    terms = {"post_id": post_id, "owner_id": owner_id, "ends_at": now + _ENDS_IN, "asks": True}
    session.add(Announcement(audience_id=EVERYONE, **terms))
    session.flush()
    random = Random(post_id)
    done = {people[name] for name in people if name not in SIGNING_IN and random.random() < _HAVE_ACKNOWLEDGED}
    session.execute(
        insert(Acknowledgement),
        [
            {"post_id": post_id, "person_id": person_id, "audience_id": EVERYONE, "acknowledged_at": now}
            for person_id in sorted(done | {owner_id})
        ],
    )
