"""Whether a database can be used at all: it answers, lets us in, is recent enough and keeps its texts as Unicode."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from intranet.kernel import clock
from intranet.kernel.db import Database

OLDEST_POSTGRESQL = 13


class Unusable(Exception):
    """It cannot; its text is one line with the ``state`` and the ``remedy``."""

    def __init__(self, place: str, state: str, remedy: str) -> None:
        super().__init__(f"The database {place} {state}: {remedy}.")
        self.place, self.state, self.remedy = place, state, remedy


@dataclass(frozen=True, slots=True)
class Reached:
    """What answers, and the time it has."""

    version: str
    at: datetime


def reach(database: Database) -> Reached:
    """Speak to it.

    Raises:
        Unusable: it does not answer, does not let us in, is too old, or keeps texts in a way that has no place for all.
    """
    place = database.engine.url.render_as_string(hide_password=True)
    try:
        with database.engine.connect() as connection:
            if database.is_sqlite:
                return Reached(str(connection.scalar(select(func.sqlite_version()))), clock.now())
            version = str(connection.scalar(select(func.current_setting("server_version"))))
            encoding = str(connection.scalar(select(func.current_setting("server_encoding"))))
            at = connection.execute(select(func.clock_timestamp())).scalar_one()
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        remedy = "restore the newest backup" if database.is_sqlite else "start its server"
        raise Unusable(place, f"cannot be used ({reason})", f"{remedy}, or correct COUTH_DATABASE_URL") from error
    if int(version.split(".", maxsplit=1)[0].split(maxsplit=1)[0]) < OLDEST_POSTGRESQL:
        raise Unusable(place, f"is kept by {version}", f"bring it up to PostgreSQL {OLDEST_POSTGRESQL} or newer")
    if encoding != "UTF8":
        remedy = "make it with: create database … encoding 'UTF8' template template0"
        raise Unusable(place, f"keeps texts as {encoding}", remedy)
    return Reached(version, at)
