"""Short files, short functions: what separates the loved code bases from the feared."""

import ast
import re

from tests.architecture.sources import files, python_files, short, text, tree

_LONGEST_FILE = 350
_LONGEST_FUNCTION = 40
_LONGEST_LINE = 130
_STRING = re.compile(r"'[^']*'")


def test_no_file_is_over_350_lines() -> None:
    written = [*python_files(), *files("templates", "static", endings=(".html", ".txt", ".js", ".css"))]
    written += files("intranet", endings=(".toml",))
    long = {short(path): lines for path in written if (lines := text(path).count("\n")) > _LONGEST_FILE}
    assert not long


def test_no_line_of_a_sheet_script_or_template_is_long() -> None:
    """Files are not kept short by long lines; ruff looks after Python's. A text of its own may not fit into one."""
    written = [*files("templates", endings=(".html",))]
    written += [*files("static/css", endings=(".css",)), *files("static/js", endings=(".js",))]
    long = [
        f"{short(path)}:{number} has {len(line)}"
        for path in written
        for number, line in enumerate(text(path).splitlines(), 1)
        if len(line) - max(map(len, _STRING.findall(line)), default=0) > _LONGEST_LINE
    ]
    assert not long, "\n".join(long)


def test_no_function_is_over_40_lines() -> None:
    long: list[str] = []
    for path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > _LONGEST_FUNCTION:
                    long.append(f"{short(path)}:{node.lineno} {node.name} has {lines} lines")
    assert not long, "\n".join(long)


def test_no_module_is_a_drawer() -> None:
    """A thing without a name has no home yet."""
    drawers = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "base"}
    assert not [short(path) for path in python_files() if path.stem in drawers or drawers.intersection(path.parts)]


def test_every_module_says_why_it_exists() -> None:
    silent = [short(p) for p in python_files() if p.name != "__init__.py" and not ast.get_docstring(tree(p))]
    assert not silent
