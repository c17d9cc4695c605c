"""Which release this is; pyproject.toml has the only copy of the number."""

import tomllib
from functools import cache

from intranet.config import ROOT


@cache
def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
