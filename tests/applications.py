"""What makes thousands of applications quickly: copied tables, templates compiled once, addresses compiled late."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from intranet.kernel.db import Database
from intranet.kernel.tables import Base


class LateRule(Rule):
    """Compiling the builders of all addresses takes longer than the rest of an application; a test needs a few."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(*given: object, **named: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(Rule._compile_builder(self, append_unknown))
            return compiled[0](*given, **named)

        return build


class KeptCode(BytecodeCache):
    """What a template was compiled to serves every application of this process."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code


def make_haste() -> None:
    Flask.url_rule_class = LateRule
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": KeptCode()}


def make_tables(database: Database) -> None:
    """Every table in an empty database, those that a test adds to the product's own included."""
    if database.engine.dialect.name == "sqlite":
        Path(str(database.engine.url.database)).write_bytes(_with_tables(frozenset(Base.metadata.tables)))
    else:
        Base.metadata.create_all(database.engine)  # the product's own are there already


@cache
def _with_tables(_which: frozenset[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "couth.db"
        database = Database(f"sqlite:///{path}")
        Base.metadata.create_all(database.engine)
        database.engine.dispose()  # the last connection to close brings its journal into the file
        return path.read_bytes()
