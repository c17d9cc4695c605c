"""How far an import is, for whoever watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from intranet.imports.lines import Line


def quiet() -> Console:
    """Nobody watches."""
    return Console(stderr=True, quiet=True)


class _Rate(ProgressColumn):
    """Lines a second."""

    def render(self, task: Task) -> Text:
        lines = int(task.fields.get("lines", 0))
        seconds = task.finished_time or task.elapsed or 0
        return Text(f"{lines:,} lines, {lines / max(seconds, 0.001):,.0f} a second")


@contextmanager
def watching(console: Console) -> Iterator[Callable[[Path], Callable[[Line], None]]]:
    """For each file, what is told of each of its lines."""
    columns = (TextColumn("{task.description}"), BarColumn(), _Rate(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:

        def watch(path: Path) -> Callable[[Line], None]:
            task = progress.add_task(path.name, total=path.stat().st_size, lines=0)

            def seen(line: Line) -> None:
                if line.number % 100 == 0 or line.position == progress.tasks[task].total:
                    progress.update(task, completed=line.position, lines=line.number)

            return seen

        yield watch
