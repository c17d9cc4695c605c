"""Making a copy: one zip with every row as JSON, the person's files, and a page to read it by.

It is read in the person's own name, a stretch at a time, so that it holds what they may still read and no lock.
"""

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import site
from intranet.accounts.sessions import viewer_of_person
from intranet.files import storing
from intranet.files.models import StoredFile
from intranet.governance.mydata.belongings import Belonging, belongings, plain
from intranet.governance.mydata.models import COPY_LASTS, CopyState, DataCopy
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system
from intranet.people.models import Profile
from intranet.people.photos import photo_path
from intranet.posts.models import Comment, Post

_CLERK = system(reason="my data: notes how far a copy is")
_READABLE = 2000  # posts and comments each on the page; the JSON has them all
_FORGOTTEN = timedelta(days=90)


def copy_path(data: Path, key: str) -> Path:
    """Where a copy lies; its name cannot be guessed, and no address leads to it but its person's."""
    return data / "copies" / f"{key}.zip"


def make_copy(app: Flask, copy_id: int) -> None:
    """Write the zip beside its place and move it there when it is whole; a crash leaves nothing half."""
    parts = runtime(app)
    database, data = parts.database, parts.settings.data
    with database.reading(_CLERK) as session:
        row = session.get(DataCopy, copy_id)
        person = session.get(Person, row.person_id) if row else None
        if row is None or person is None or person.deactivated_at is not None:
            return
        viewer, key = viewer_of_person(person), row.key
    target = copy_path(data, key)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        _fill(app, archive, viewer, copy_id)
    unfinished.replace(target)
    size = target.stat().st_size
    _note(database, copy_id, state=CopyState.READY, size=size, expires_at=clock.now() + COPY_LASTS)


def _fill(app: Flask, archive: zipfile.ZipFile, viewer: Viewer, copy_id: int) -> None:
    database, folder = runtime(app).database, runtime(app).settings.files_folder
    kinds = [kind for kind in belongings() if kind.is_told]
    with database.reading(viewer) as session:
        mine = select(func.count()).select_from(StoredFile).where(StoredFile.owner_id == viewer.member_id)
        total = len(kinds) + (session.scalar(mine) or 0)
    _note(database, copy_id, total=total, done=0)
    done = 0
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind.name] = _table(archive, database, viewer, kind)
        done += 1
        _note(database, copy_id, done=done)
    names: dict[str, str] = {}
    for stored in _files(database, viewer):
        path = storing.path_of(folder, stored.sha256)
        if path.is_file():
            name = f"files/{stored.id}-{_plain_name(stored.name)}"
            with path.open("rb") as source, archive.open(name, "w") as target:
                shutil.copyfileobj(source, target)
            names[stored.name] = name
        done += 1
        _note(database, copy_id, done=done)
    with database.reading(viewer) as session:
        archive.writestr("data/account.json", _account(session, viewer.member_id))
        photo = session.scalar(select(Profile.photo_key).where(Profile.person_id == viewer.member_id))
    if photo and (picture := photo_path(folder, photo, "large")).is_file():
        archive.write(picture, "photo.webp")
    archive.writestr("index.html", _page(app, viewer, counts, names))


def _account(session: Session, person_id: int) -> str:
    person = session.get_one(Person, person_id)
    told = ("username", "name", "email", "roles", "language", "source", "external_id", "created_at")
    return json.dumps({name: plain(getattr(person, name)) for name in told}, ensure_ascii=False, indent=1)


def _plain_name(name: str) -> str:
    """A file's name that unpacks nowhere else."""
    return "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name).lstrip(".")[:100]


def _table(archive: zipfile.ZipFile, database: Database, viewer: Viewer, kind: Belonging) -> int:
    """One JSON list, written a stretch at a time; nothing where the table has nothing of theirs."""
    after: tuple[Any, ...] | None = None
    count = 0
    rows: list[str] = []
    while True:
        with database.reading(viewer) as session:
            found = kind.stretch(session, viewer.member_id, after, with_unnamed=True)
            rows += [json.dumps(kind.told(row), ensure_ascii=False, sort_keys=True) for row in found]
            after = kind.key_of(found[-1]) if found else after
        if not found:
            break
        count += len(found)
    if rows:
        archive.writestr(f"data/{kind.name}.json", "[\n" + ",\n".join(rows) + "\n]\n")
    return count


def _files(database: Database, viewer: Viewer) -> Iterator[StoredFile]:
    after = 0
    while True:
        with database.reading(viewer) as session:
            mine = select(StoredFile).where(StoredFile.owner_id == viewer.member_id, StoredFile.id > after)
            found = list(session.scalars(mine.order_by(StoredFile.id).limit(100)))
        if not found:
            return
        yield from found
        after = found[-1].id


def _page(app: Flask, viewer: Viewer, counts: dict[str, int], files: dict[str, str]) -> str:
    """A page that needs no network and no script."""
    with runtime(app).database.reading(viewer) as session:
        person = session.get_one(Person, viewer.member_id)
        context = {
            "person": person,
            "place": site(session).name,
            "posts": _written(session, Post, person.id),
            "comments": _written(session, Comment, person.id),
            "counts": sorted((name, count) for name, count in counts.items() if count),
            "files": sorted(files.items()),
            "made_at": clock.now(),
        }
        with app.app_context(), force_locale(viewer.language or "en"):
            return current_app.jinja_env.get_template("governance/mydata/copy.html").render(**context)


def _written(session: Session, table: type[Post | Comment], person_id: int) -> list[Post | Comment]:
    mine = select(table).where(table.author_id == person_id, table.deleted_at.is_(None))
    return list(session.scalars(mine.order_by(table.id.desc()).limit(_READABLE)))


def _note(database: Database, copy_id: int, **values: object) -> None:
    noted = update(DataCopy).where(DataCopy.id == copy_id).values(**values)
    database.transact(_CLERK, lambda session: session.execute(noted), seconds=60)


def fail(database: Database, copy_id: int) -> None:
    """Say that a copy could not be made; its person can ask again."""
    _note(database, copy_id, state=CopyState.FAILED)


@jobs.job("governance.copies", every=timedelta(hours=1))
def remove_old(session: Session, _payload: dict[str, Any]) -> None:
    """Copies that nobody needs any more go, file and all."""
    data = runtime().settings.data
    over = select(DataCopy).where(DataCopy.state == CopyState.READY, DataCopy.expires_at <= clock.now())
    for row in session.scalars(over.limit(200)):
        copy_path(data, row.key).unlink(missing_ok=True)
        row.state = CopyState.GONE
    long_ago = clock.now() - _FORGOTTEN
    old = select(DataCopy).where(DataCopy.asked_at < long_ago, DataCopy.state != CopyState.READY)
    for row in session.scalars(old.limit(200)):
        session.delete(row)
