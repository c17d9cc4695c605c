"""What the programs say: one line per step, and one line with its remedy when a step cannot be done."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOPPED_BY_KEYBOARD = 130
LINES_SHOWN = 15


class SetupError(Exception):
    """Something that the person at the keyboard has to put right; its text is one line with the remedy."""


def say(line: str) -> None:
    print(line, flush=True)


def run_program(program: Callable[[], int]) -> int:
    """The exit code of a program, with its failures as single lines instead of tracebacks."""
    try:
        return program()
    except SetupError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except PermissionError as error:
        print(
            f"Cannot write {error.filename}: make it writable for this user, then start again.",
            file=sys.stderr,
            flush=True,
        )
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next start carries on from here.", file=sys.stderr, flush=True)
        return STOPPED_BY_KEYBOARD


def run_quietly(
    command: Sequence[str | Path],
    *,
    remedy: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a set-up step; only where it fails is its own output shown, then SetupError(remedy)."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupError(f"{remedy} ({error.strerror}: {command[0]})") from error
    if done.returncode != 0:
        shown = [line for line in done.stdout.splitlines() if line.strip()][-LINES_SHOWN:]
        print("\n".join(shown), file=sys.stderr)
        raise SetupError(remedy)
