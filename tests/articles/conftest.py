"""The index of the test's own application, filled as the cast speaks."""

from tests.questions.conftest import index

__all__ = ["index"]
