"""Fingerprints that tell whether a step of set-up is still good."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *, extra: str = "") -> str:
    """One hash over the contents of the files, in order, and whatever else the step depends on."""
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(f"\0{file.name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def read_stamp(file: Path) -> dict[str, str]:
    """What a step wrote when it ended; empty where it never did, or where the stamp is torn."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def write_stamp(file: Path, stamp: dict[str, str]) -> None:
    aside = file.with_name(file.name + ".new")
    aside.write_text(json.dumps(stamp, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    aside.replace(file)
