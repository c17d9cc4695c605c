"""How much a company of some size takes: the database, the index, and the memory of web and worker.

`script/bench sizes --people 5000 --posts 50000` makes that company, starts it, opens pages of it, and prints the
figures. Below 1,200 people it is the invented company of 300, with as many posts as are asked for.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.feed_speed.company import Size, company, token_of
from benchmarks.move import make_company
from intranet.config import Settings
from intranet.kernel.runtime import runtime
from intranet.search.index import index_of
from tests.faults.running import Server, running_server

PATHS = ("feed?limit=20", "search?q=pump&kind=post", "experts?q=pump", "people", "groups")
LEAST = 1_200  # people; the maker of large companies has readers who follow a thousand colleagues


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench sizes", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--posts", type=int, default=1_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="couth-sizes-") as folder:
        data = Path(folder) / "data"
        if options.people < LEAST:
            make_company(Settings(data=data), posts=options.posts)
        else:
            _make(data, Size(people=options.people, posts=options.posts, groups=600, topics=300))
        with running_server(data) as server:
            token = token_of(0) if options.people >= LEAST else server.command("token", "leila").splitlines()[-1]
            _tell(server, data, token, options)
    return 0


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
