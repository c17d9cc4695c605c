"""script/bench: finds the measurements of benchmarks/ and runs one.

Each module of benchmarks/ with a function main(arguments: list[str]) -> int is a measurement. The first line
of its docstring tells what it measures; its arguments come from the command line, and it returns the exit code.
"""

import argparse
import ast
import subprocess
from pathlib import Path

from script.bootstrap import PYTHON, ROOT, SetupError, run_program, say, set_up_for_development

BENCHMARKS = ROOT / "benchmarks"
RUN = "import importlib, sys; sys.exit(importlib.import_module(sys.argv[1]).main(sys.argv[2:]))"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Run a measurement of benchmarks/ with its arguments; with no name, list them.",
    )
    parser.add_argument("name", nargs="?", help="the measurement, such as expert-quality")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what the measurement itself takes (--help tells)")
    options = parser.parse_args()
    return run_program(lambda: _measure(options.name, options.arguments) if options.name else _list())


def measurements(folder: Path = BENCHMARKS) -> dict[str, str]:
    """Name -> what it measures, in order of name."""
    found = {}
    for file in sorted(folder.glob("*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        if any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in module.body):
            meaning = (ast.get_docstring(module) or "").partition("\n")[0]
            found[file.stem.replace("_", "-")] = meaning
    return found


def _list() -> int:
    found = measurements()
    width = max(map(len, found), default=0)
    say(
        "\n".join(f"{name:<{width}}  {meaning}" for name, meaning in found.items())
        or "benchmarks/ holds no measurement."
    )
    return 0


def _measure(name: str, arguments: list[str]) -> int:
    if name.replace("_", "-") not in measurements():
        raise SetupError(f"There is no measurement {name}: script/bench lists them.")
    # With what the tests need: measurements use their clients and their private servers.
    set_up_for_development(browser_libraries=True)
    module = f"benchmarks.{name.replace('-', '_')}"
    return subprocess.run([str(PYTHON), "-c", RUN, module, *arguments], cwd=ROOT, check=False).returncode
