"""Set-up from a bare Python: done once, healed when it was interrupted, and clear about what it lacks."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import script
from intranet.config import ROOT
from script.bootstrap import SetupError, run_program
from script.bootstrap.chromium import find_chromium
from script.measuring import measurements
from script.steps import Step, run_steps

LAUNCHERS = ("server", "test", "check", "format", "bench")
INSTALL = """
import sys
from script.bootstrap import run_program
from script.bootstrap.python_packages import install_python_packages
requirements = "requirements-dev.txt" if "requirements-dev.txt" in sys.argv else "requirements.txt"
if "without-venv" in sys.argv:
    sys.modules["ensurepip"] = None
sys.exit(run_program(lambda: install_python_packages(requirements) or 0))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose product needs no package, so that nothing is fetched."""
    shutil.copytree(ROOT / "script", tmp_path / "script", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    return tmp_path


def install(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", INSTALL, *arguments], cwd=checkout, capture_output=True, text=True, check=False
    )


def test_a_second_set_up_does_nothing(checkout: Path) -> None:
    first = install(checkout)
    assert first.returncode == 0, first.stderr
    assert "Creating the virtual environment" in first.stdout

    second = install(checkout)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_an_interrupted_set_up_is_made_whole(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "couth-unfinished").touch()
    assert install(checkout).returncode == 0
    assert not (checkout / ".venv" / "couth-unfinished").exists()
    pip = [str(checkout / ".venv" / "bin" / "python"), "-m", "pip", "--version"]
    assert subprocess.run(pip, capture_output=True, check=False).returncode == 0


def test_changed_requirements_are_installed_into_the_same_environment(checkout: Path) -> None:
    install(checkout)
    (checkout / ".venv" / "kept").touch()
    (checkout / "requirements.txt").write_text("# still nothing\n")
    again = install(checkout)
    assert "Installing the Python packages" in again.stdout
    assert (checkout / ".venv" / "kept").exists()


def test_what_an_installed_file_includes_is_not_installed_again(checkout: Path) -> None:
    (checkout / "requirements-dev.txt").write_text("-r requirements.txt\n")
    install(checkout, "requirements-dev.txt")
    assert install(checkout).stdout == ""


def test_a_package_that_cannot_be_had_is_told_with_the_way_out(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("./no-such-folder\n")
    failed = install(checkout)
    assert failed.returncode == 1
    assert "then start again" in failed.stderr.splitlines()[-1]


def test_a_missing_venv_module_is_one_line_with_the_way_out(checkout: Path) -> None:
    refused = install(checkout, "without-venv")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "apt install python3" in refused.stderr


def test_a_missing_browser_is_one_line_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COUTH_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))  # holds no browser, and no package tool that could install one
    assert run_program(lambda: len(find_chromium())) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "apt install chromium" in told
    assert "script/test fast" in told


def test_a_named_browser_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COUTH_CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(SetupError, match="COUTH_CHROMIUM"):
        find_chromium()


@pytest.mark.parametrize("running", [(3, 8), (3, 10), (3, 14)])
def test_an_unsupported_python_is_one_line_with_the_way_out(
    running: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "version_info", (*running, 0, "final", 0))
        patched.setattr(sys, "argv", ["script/server"])
        with pytest.raises(SystemExit) as ended:
            script.refuse_unsupported_python()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert told.count("\n") == 1
    assert "Python 3.11 to 3.13" in told
    assert "script/server" in told


@pytest.mark.parametrize("file", ["__init__.py", *LAUNCHERS])
def test_what_an_old_python_reads_first_is_written_for_it(file: str) -> None:
    ast.parse((ROOT / "script" / file).read_text(), feature_version=(3, 5))


@pytest.mark.parametrize("name", LAUNCHERS)
def test_every_program_says_what_it_does(name: str) -> None:
    told = subprocess.run([ROOT / "script" / name, "--help"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith(f"usage: script/{name}")
    assert os.access(ROOT / "script" / name, os.X_OK)


def test_one_failing_tool_fails_the_row_but_holds_up_none(capfd: pytest.CaptureFixture[str]) -> None:
    row = [
        Step("first", ("python", "-c", "raise SystemExit(3)")),
        Step("second", ("python", "-c", "print('still ran')")),
    ]
    assert run_steps(row) == 1
    told = capfd.readouterr().out
    assert "still ran" in told
    assert "Failed: first." in told


def test_a_measurement_is_a_module_with_a_main_function(tmp_path: Path) -> None:
    (tmp_path / "expert_quality.py").write_text('"""How good it is.\n\nAt length."""\ndef main(arguments): ...\n')
    (tmp_path / "corpus.py").write_text('"""What measurements read."""\n')
    assert measurements(tmp_path) == {"expert-quality": "How good it is."}
