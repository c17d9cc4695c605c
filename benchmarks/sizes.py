"""How much a company of some size takes: the database, the index, and the memory of web and worker.

`script/bench sizes --people 5000 --posts 50000` makes that company, starts it, opens pages of it, and prints the
figures.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.feed_speed.company import Size, company, token_of
from intranet.kernel.runtime import runtime
from intranet.search.index import index_of
from tests.faults.running import Server, running_server

PATHS = ("feed?limit=20", "search?q=pump&kind=post", "experts?q=pump", "people", "groups")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench sizes", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--posts", type=int, default=1_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="couth-sizes-") as folder:
        data = Path(folder) / "data"
        _make(data, size_of(options.people, options.posts))
        with running_server(data) as server:
            _tell(server, data, token_of(0), options)
    return 0


def size_of(people: int, posts: int) -> Size:
    """A small company has few groups and topics; 600 and 300 are enough for any."""
    return Size(people=people, posts=posts, groups=min(600, max(6, people // 8)), topics=min(300, max(40, people)))


def _make(data: Path, size: Size) -> None:
    app = company(data, size)
    with app.app_context():
        index_of().become_writer()
        index_of().rebuild()
        index_of().close()
    runtime(app).database.engine.dispose()


def _tell(server: Server, data: Path, token: str, options: argparse.Namespace) -> None:
    for _ in range(20):
        for path in PATHS:
            status, _answer = server.ask("GET", f"/api/v1/{path}", token=token)
            if status != 200:
                raise SystemExit(f"{path} was answered with {status}")
    database, index = (data / "couth.db").stat().st_size, _folder(data / "index")
    print(f"{options.people:,} people, {options.posts:,} posts")
    print(
        f"database {database / 1e6:.0f} MB ({database / options.posts / 1e3:.1f} kB a post), index {index / 1e6:.1f} MB"
    )
    for name in ("web", "worker"):
        pid = server.child(name)
        print(f"{name} {_memory(pid) / 1e6:.0f} MB PSS" if pid else f"{name} is down")


def _folder(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
