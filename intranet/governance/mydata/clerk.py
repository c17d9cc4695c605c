"""The worker's share: copies and erasures take their time, and are made beside its other work."""

import logging
import threading

from flask import Flask
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.governance.mydata import copying, erasing
from intranet.governance.mydata.models import CopyState, DataCopy, ErasureWish
from intranet.kernel import clock
from intranet.kernel.prepared import Prepared
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two looks at what waits
_PART = "my-data"
_CLERK = system(reason="my data: looks what is to be done")


def turn(app: Flask) -> None:
    """Begin with what waits, unless something is under way. What a crash cut off waits still, and begins anew."""
    busy = runtime(app).parts.get(_PART)
    if busy is not None and busy.is_alive():
        return
    with runtime(app).database.reading(_CLERK) as session:
        copy_id, person_id = _waiting(session)
    if copy_id is None and person_id is None:
        return
    work = threading.Thread(target=_work, args=(app, copy_id, person_id), name="my data", daemon=True)
    runtime(app).parts[_PART] = work
    work.start()


_copy = select(DataCopy.id).where(DataCopy.state == CopyState.WAITING).order_by(DataCopy.id).limit(1)
_wish = select(ErasureWish.person_id).where(ErasureWish.due_at <= bindparam("now"), ErasureWish.done_at.is_(None))
_WAITING = Prepared(
    select(
        _copy.scalar_subquery().label("copy_id"),
        _wish.order_by(ErasureWish.due_at).limit(1).scalar_subquery().label("person_id"),
    )
)


def _waiting(session: Session) -> tuple[int | None, int | None]:
    found = _WAITING.first(session, {"now": clock.now()})
    return found.copy_id, found.person_id


def _work(app: Flask, copy_id: int | None, person_id: int | None) -> None:
    with app.app_context():
        if copy_id is not None:
            try:
                copying.make_copy(app, copy_id)
            except Exception:
                log.exception("the copy %s could not be made", copy_id)
                copying.fail(runtime(app).database, copy_id)
        if person_id is not None:
            try:
                erasing.erase_person(app, person_id)
            except Exception:
                log.exception("somebody could not be erased; trying again in an hour")
                erasing.put_off(runtime(app).database, person_id)
