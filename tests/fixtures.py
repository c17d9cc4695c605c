"""The types of what tests ask for by name; see ``tests/conftest.py``."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from intranet.kernel.viewer import Viewer

AsViewer = Callable[[Viewer], FlaskClient]
Queries = Callable[[int], AbstractContextManager[list[str]]]
Happens = Callable[[Viewer, Callable[[Session], object]], list[object]]
