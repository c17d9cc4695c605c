"""Looks at everything that can be wrong with an installation, and says what to do about each thing that is."""

from collections.abc import Iterator

from intranet.kernel.runtime import Runtime
from intranet.operations.doctor import machine, neighbours, outside, stored
from intranet.operations.doctor.finding import Finding

__all__ = ["Finding", "examine"]


def examine(parts: Runtime) -> Iterator[Finding]:
    """Everything, in the order in which one thing leans on another."""
    yield from machine.look(parts.settings)
    yield from neighbours.look(parts)
    yield from stored.look(parts.settings, parts.database)
    yield from outside.look(parts.settings)
