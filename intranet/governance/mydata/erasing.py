"""Erasing somebody: their account, their profile, what is theirs alone, their name in others' words; with their wish
also what they wrote. Done in small steps, each of which may come twice: a crash begins it anew.

What stays are rows that others need to follow a conversation, of somebody without a name, and the audit log's numbers.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Enum as EnumType
from sqlalchemy import Executable, String, delete, inspect, or_, select, tuple_, update
from sqlalchemy.orm import Session

from intranet.accounts import actions as accounts
from intranet.accounts.events import PersonRenamed
from intranet.accounts.models import OneTimeLink, Person
from intranet.articles.actions import pass_articles_on
from intranet.articles.models import Article, ArticleStep
from intranet.articles.voices.models import ArticleVoice
from intranet.files.actions import discard
from intranet.files.models import StoredFile
from intranet.governance.mydata.belongings import Belonging, belongings, models
from intranet.governance.mydata.copying import copy_path
from intranet.governance.mydata.events import PersonErased
from intranet.governance.mydata.models import DataCopy, ErasureWish
from intranet.governance.mydata.naming import Known, marks, renamed
from intranet.governance.mydata.queries import is_last_admin
from intranet.governance.reports.models import Report, Subject, Withheld
from intranet.groups.actions import leave_group
from intranet.groups.actions.succession import owned_alone, pass_group_on
from intranet.groups.models import GroupMember
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Conflict, NotFound, Refused
from intranet.kernel.idempotency import KeptAnswer
from intranet.kernel.outbox import record
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.kernel.viewer import Viewer, system
from intranet.people.models import Follow, FollowKind, Profile
from intranet.people.photos import photo_path
from intranet.posts.actions import delete_item, forget_words
from intranet.posts.models import Comment, Post
from intranet.posts.polls.models import PollOption
from intranet.search.documents.events import ItemsTouched
from intranet.search.index import index_of
from intranet.topics.actions import unfollow_topic

_CLERK = system(reason="my data: erases somebody as they wished, in every audience")
_STEP = 50
_AGAIN = timedelta(hours=1)
# Who was where stays as a number, so that what others read keeps its shape; who agreed to what is on record.
_KEPT = frozenset({"guidelines_acceptances", "memberships", "chat_members", "group_members"})
# Not words of theirs, or taken care of by name.
_NO_WORDS = frozenset({"guidelines", "erasure_wishes", "files", "posts", "comments", "notices"})
# Never rewritten: the log's chain would break, the outbox holds ids, and people have their names themselves.
_UNREAD = frozenset({"audit_entries", "outbox", "outbox_dead_letters", "people", "erasure_wishes"})


def erase_person(app: Flask, person_id: int) -> None:
    """Do all of it.

    Raises:
        Conflict: they are the last admin by now.
    """
    database = runtime(app).database
    begun = database.transact(_CLERK, partial(_begin, person_id=person_id), seconds=60)
    if begun is None:
        return
    known, takes_words = begun
    _remove_files(app, person_id, known, takes_words=takes_words)
    if takes_words:
        _take_words(database, person_id)
    for belonging in belongings():
        if belonging.goes_with_person and belonging.name not in _KEPT:
            _remove_rows(database, belonging, person_id)
    for model in _written_models():
        _rename_in(database, model, known)
    database.transact(_CLERK, partial(_finish, person_id=person_id, known=known), seconds=60)
    index_of(app).ask_for_rebuild()  # what was taken away must not stand in older segments either


def put_off(database: Database, person_id: int) -> None:
    """Try again later."""
    _run(database, update(ErasureWish).where(ErasureWish.person_id == person_id).values(due_at=clock.now() + _AGAIN))


def _begin(session: Session, person_id: int) -> tuple[Known, bool] | None:
    """Close the account and take its name away; the name is kept with the wish until all of it is done."""
    wish, person = session.get(ErasureWish, person_id), session.get(Person, person_id)
    if wish is None or person is None or wish.done_at is not None:
        return None
    if wish.known_as is None:
        if is_last_admin(session, person):
            raise Conflict("the last admin stays")
        _leave_everything(session, person)
        accounts.deactivate(session, _CLERK, person)
        namesakes = select(Person.id).where(Person.folded_name == person.folded_name, Person.id != person_id)
        profile = session.get(Profile, person_id)
        known = Known(
            username=person.username,
            name=person.name,
            email=person.email,
            photo=profile.photo_key if profile else None,
            has_namesake=session.scalar(namesakes.limit(1)) is not None,
            number=person_id,
        )
        wish.known_as = known.as_json()
        person.name = person.folded_name = ""
        person.username = known.new_username
        person.email = person.source = person.external_id = person.language = None
        person.roles = []
        record(session, PersonRenamed(person_id, None))
    return Known.of(wish.known_as), wish.takes_words


def _leave_everything(session: Session, person: Person) -> None:
    """Groups first: one that only they own passes to whoever is longest in it."""
    themselves = Viewer(person.id)
    for group in owned_alone(session, person.id):
        pass_group_on(session, group, person.id, None, actor_id=None)
    pass_articles_on(session, person.id, None, actor_id=None)
    session.flush()
    for group_id in session.scalars(select(GroupMember.group_id).where(GroupMember.person_id == person.id)).all():
        with suppress(Refused):  # an archived group that nobody is left in keeps its last owner's number
            leave_group(session, themselves, group_id)
    followed = select(Follow.target_id).where(Follow.follower_id == person.id, Follow.kind == FollowKind.TOPIC)
    for topic_id in session.scalars(followed).all():
        unfollow_topic(session, themselves, topic_id)


def _remove_files(app: Flask, person_id: int, known: Known, *, takes_words: bool) -> None:
    """Copies and the photo at once; uploads that hang on nothing, and with the words all of them."""
    database, settings = runtime(app).database, runtime(app).settings
    with database.reading(_CLERK) as session:
        copies = list(session.scalars(select(DataCopy.key).where(DataCopy.person_id == person_id)))
        others = select(Profile.person_id).where(Profile.photo_key == known.photo, Profile.person_id != person_id)
        is_shared = known.photo is not None and session.scalar(others.limit(1)) is not None
    for key in copies:
        copy_path(settings.data, key).unlink(missing_ok=True)
    if known.photo and not is_shared:
        for size in ("small", "large"):
            photo_path(settings.files_folder, known.photo, size).unlink(missing_ok=True)
    mine = select(StoredFile.id).where(StoredFile.owner_id == person_id, StoredFile.is_attached.is_(False))
    _in_steps(database, mine, discard)
    if takes_words:
        words = {"name": "", "folded_name": "", "alt": ""}
        named = update(StoredFile).where(StoredFile.owner_id == person_id).values(words)
        _run(database, named)


def _run(database: Database, statement: Executable) -> None:
    database.transact(_CLERK, lambda session: session.execute(statement), seconds=60)


def _in_steps(database: Database, ids: Any, act: Callable[[Session, list[int]], object]) -> None:
    """``act`` on what ``ids`` finds, a little at a time, until it finds nothing."""

    def step(session: Session) -> int:
        found = list(session.scalars(ids.limit(_STEP)))
        if found:
            act(session, found)
        return len(found)

    while database.transact(_CLERK, step, seconds=60):
        pass


def _remove_rows(database: Database, belonging: Belonging, person_id: int) -> None:
    def step(session: Session) -> int:
        rows = belonging.stretch(session, person_id, None)[:_STEP]
        keys = [belonging.key_of(row) for row in rows]
        session.expunge_all()
        if keys:
            session.execute(delete(belonging.model).where(tuple_(*belonging.keys).in_(keys)))
        return len(keys)

    while database.transact(_CLERK, step, seconds=60):
        pass


def _take_words(database: Database, person_id: int) -> None:
    """What they wrote, in every table that says whose its words are."""
    for table in (Comment, Post):
        theirs = select(table.id).where(table.author_id == person_id, or_(table.text != "", table.html != ""))
        _in_steps(database, theirs, _take_items)
    options = (
        update(PollOption)
        .where(PollOption.post_id.in_(select(Post.id).where(Post.author_id == person_id)))
        .values(text="")
    )
    quotes = update(Report).where(Report.author_id == person_id).values(quote="")
    # Others' steps say again what stood in an article that was made of their answer.
    steps = (
        update(ArticleStep)
        .where(ArticleStep.article_id.in_(select(Article.id).where(Article.author_id == person_id)))
        .values(title="", lead="", text="", note="")
    )
    _run(database, delete(ArticleVoice).where(ArticleVoice.author_id == person_id))
    _run(database, options)
    _run(database, quotes)
    _run(database, steps)
    for belonging in belongings():
        if not belonging.goes_with_person and belonging.name not in _NO_WORDS:
            _blank(database, belonging, person_id)


def _take_items(session: Session, ids: list[int]) -> None:
    for item_id in ids:
        with suppress(NotFound):  # deleted before, with its words kept for whoever did so
            delete_item(session, _CLERK, item_id, for_good=False)
        item = session.get(Post, item_id) or session.get(Comment, item_id)
        if item is not None:
            forget_words(session, item)


def _blank(database: Database, belonging: Belonging, person_id: int) -> None:
    """Their words in a table that this file knows nothing of; a message without words counts as deleted."""
    mapper = inspect(belonging.model)
    said = [column.key for column in _text_columns(belonging.model) if not mapper.columns[column.key].nullable]
    if not said:
        return
    signs = {"deleted_at": clock.now(), "is_erased": True}
    values = {**dict.fromkeys(said, ""), **{name: value for name, value in signs.items() if name in mapper.columns}}
    mine = getattr(belonging.model, belonging.owners[0]) == person_id
    still = or_(*(getattr(belonging.model, name) != "" for name in said))
    keys = belonging.keys

    def step(session: Session) -> int:
        found = [tuple(row) for row in session.execute(select(*keys).where(mine, still).limit(_STEP))]
        if found:
            session.execute(update(belonging.model).where(tuple_(*keys).in_(found)).values(values))
        return len(found)

    while database.transact(_CLERK, step, seconds=60):
        pass


def _text_columns(model: type[Base]) -> list[Any]:
    """Columns with words in them: no enums, no keys, nothing unique."""
    mapper = inspect(model)
    return [
        attribute
        for attribute in mapper.column_attrs
        if isinstance(attribute.columns[0].type, String)
        and not isinstance(attribute.columns[0].type, EnumType)
        and not attribute.columns[0].primary_key
        and not attribute.columns[0].unique
        and not any(part in attribute.key for part in ("nonce", "hash", "sha256", "slug", "source", "pair"))
    ]


def _written_models() -> Iterator[type[Base]]:
    return (model for model in models() if model.__tablename__ not in _UNREAD and _text_columns(model))


def _rename_in(database: Database, model: type[Base], known: Known) -> None:
    """Their name, address and mentions, in what others wrote."""
    columns = [getattr(model, attribute.key) for attribute in _text_columns(model)]
    mapper = inspect(model)
    keys = [getattr(model, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
    named = or_(*(column.icontains(mark, autoescape=True) for column in columns for mark in marks(known)))
    after: tuple[Any, ...] | None = None
    while True:
        found = select(model).where(named)
        if after is not None:
            found = found.where(tuple_(*keys) > after)
        with database.reading(_CLERK) as session:
            rows = list(session.scalars(found.order_by(*keys).limit(_STEP)))
        if not rows:
            return
        batch = [tuple(getattr(row, key.key) for key in keys) for row in rows]
        after = batch[-1]
        database.transact(_CLERK, partial(_rewrite, model=model, batch=batch, known=known), seconds=60)


def _rewrite(session: Session, *, model: type[Base], batch: list[tuple[Any, ...]], known: Known) -> None:
    touched: list[int] = []
    for key in batch:
        row = session.get(model, key)
        for attribute in _text_columns(model) if row is not None else ():
            before = getattr(row, attribute.key)
            if isinstance(before, str) and (fresh := renamed(before, known)) != before:
                setattr(row, attribute.key, _fitting(attribute, fresh))
                if isinstance(row, Post | Comment):
                    touched.append(row.id)
    if touched:
        record(session, ItemsTouched(sorted(set(touched))))


def _fitting(attribute: Any, text: str) -> str:
    length = attribute.columns[0].type.length
    return text[:length] if length else text


def _finish(session: Session, person_id: int, known: Known) -> None:
    if known.email:
        session.execute(update(OneTimeLink).where(OneTimeLink.email == known.email).values(email=None))
    session.execute(delete(Withheld).where(Withheld.subject_id == person_id))
    profile = (Report.author_id == person_id) & (Report.kind == Subject.PERSON)
    session.execute(update(Report).where(profile).values(quote=""))
    session.execute(delete(KeptAnswer).where(KeptAnswer.person_id == person_id))
    session.execute(update(Profile).where(Profile.manager_id == person_id).values(manager_id=None))
    gone = (Follow.kind == FollowKind.PERSON) & (Follow.target_id == person_id)
    session.execute(delete(Follow).where(gone))
    wish = session.get_one(ErasureWish, person_id)
    wish.known_as, wish.done_at = None, clock.now()
    record(session, PersonErased(person_id, wish.takes_words))
