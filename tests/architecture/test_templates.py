"""Templates: nothing inline that the security policy would block, and no words that cannot be translated."""

import re
from pathlib import Path

from tests.architecture.sources import files, short, text

_STYLE = re.compile(r"""\sstyle=(["'])(.*?)\1""", re.DOTALL)
_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
_JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_UNSPOKEN = re.compile(
    r"<(script|style|svg|code|pre|kbd)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE
)
_SPOKEN_ATTRIBUTE = re.compile(r"""\s(?:aria-label|title|placeholder|alt)=(["'])(.*?)\1""", re.DOTALL)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENTITY = re.compile(r"&\w+;")
_BARE_ATTRIBUTE = re.compile(r"""[\w-]+=(["']).*?\1""", re.DOTALL)  # of a macro that writes attributes alone
_ADDRESS = re.compile(r"(?:^|\s)[/#?]\S*")
_SAME_EVERYWHERE = {"Couth", "couth", "Markdown", "CSV", "PNG", "JPEG", "API", "JSON", "Ctrl", "Esc", "Enter"}


def _templates() -> list[Path]:
    """Pages; mail programs know neither our style sheets nor our policy, so that mails carry their own style."""
    return [path for path in files("templates", endings=(".html",)) if "templates/email/" not in path.as_posix()]


def test_there_is_no_inline_script_or_style() -> None:
    bad: list[str] = []
    for path in _templates():
        source = text(path)
        bad += [f"{short(path)}: <style>"] if re.search(r"<style\b", source, re.IGNORECASE) else []
        bad += [f"{short(path)}: on…=" for _ in _HANDLER.findall(_JINJA.sub("", source))]
        bad += [f"{short(path)}: <script>" for a in _SCRIPT.findall(source) if "src=" not in a and "nonce=" not in a]
    assert not bad


def test_style_attributes_hold_data_alone() -> None:
    """``style="--hue:172"`` is a value; ``style="color:red"`` is a design decision in the wrong place."""
    bad: list[str] = []
    for path in _templates():
        for _, value in _STYLE.findall(text(path)):
            parts = [part.strip() for part in _JINJA.sub("0", value).split(";")]
            bad += [f"{short(path)}: {part}" for part in parts if part.strip("0 ") and not part.startswith("--")]
    assert not bad


def test_every_word_can_be_translated() -> None:
    bad: list[str] = []
    for path in _templates():
        source = _UNSPOKEN.sub(" ", _JINJA.sub(" \x00 ", text(path)))
        spoken = [value for _, value in _SPOKEN_ATTRIBUTE.findall(source)] + _BARE_ATTRIBUTE.sub(
            "", _TAG.sub("\n", source)
        ).splitlines()
        for line in spoken:
            words = [
                word
                for word in _WORD.findall(_ADDRESS.sub(" ", _ENTITY.sub(" ", line)))
                if word not in _SAME_EVERYWHERE
            ]
            bad += [f"{short(path)}: {line.strip()[:80]}"] if words else []
    assert not bad, "\n".join(bad)


def test_pages_ask_no_other_host() -> None:
    """Nothing that a browser loads by itself may come from elsewhere."""
    loads = re.compile(
        r"""<(?:script|img|link|iframe|source|video)\b[^>]*(?:src|href)=["'](?:https?:)?//""", re.IGNORECASE
    )
    assert not [short(path) for path in _templates() if loads.search(text(path))]
    imports = re.compile(r"""@import\s+(?:url\()?["']?https?:|url\(["']?https?:""")
    assert not [short(path) for path in files("static", endings=(".css",)) if imports.search(text(path))]


def test_every_behaviour_is_connected_somewhere() -> None:
    """A module that exports ``connect`` and that nothing names would never run."""
    behaviours = [path for path in files("static/js", endings=(".js",)) if "export function connect" in text(path)]
    everything = "\n".join(map(text, [*files("templates", endings=(".html",)), *files("static/js", endings=(".js",))]))
    names = {path: path.as_posix().split("static/js/")[1].removesuffix(".js") for path in behaviours}
    assert behaviours
    assert [name for name in names.values() if not re.search(rf"\b{re.escape(name)}\b", everything)] == []
