"""Where set-up puts things. All of it is git-ignored and can be deleted at any time."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
PIP_INSTALL = (PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
CACHE = ROOT / ".cache"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
BUNDLE = ROOT / "static" / "bundle"
