"""Taking somebody's name out of what others wrote about them, and nothing else with it."""

import re
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Known:
    """How others named somebody. With a namesake still here, the bare name is left alone: it may be theirs."""

    username: str
    name: str
    email: str | None
    photo: str | None
    has_namesake: bool
    number: int

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "number": str(self.number)}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        return cls(**{**kept, "number": int(kept["number"])})

    @property
    def new_username(self) -> str:
        return f"former-{self.number}"

    @property
    def is_bare_name_theirs(self) -> bool:
        """Whether the name alone means them: a single word may mean anything."""
        return " " in self.name and not self.has_namesake


def marks(known: Known) -> list[str]:
    """What to look for first; whatever holds one of these is read closely by ``renamed``."""
    found = [f"@{known.username}", f"/people/{known.username}", f"from:{known.username}", f"by={known.username}"]
    if known.email:
        found.append(known.email)
    if known.is_bare_name_theirs:
        found += {known.name, escape(known.name)}
    return found


def renamed(text: str, known: Known) -> str:
    """``text`` with mentions of and links to somebody who has no name any more, and neither their name nor address."""
    username, new = re.escape(known.username), known.new_username
    anchor = rf'(<a [^>]*?(?:data-person="{username}"|href="/people/{username}")[^>]*>)[^<]*(</a>)'
    text = re.sub(anchor, rf"\g<1>@{new}\g<2>", text, flags=re.IGNORECASE)
    ends = r"(?![\w-]|\.\w)"
    text = re.sub(rf"(?<![\w@/.])@{username}{ends}", f"@{new}", text, flags=re.IGNORECASE)
    text = re.sub(rf"(/people/|data-person=\"|from:|by=){username}{ends}", rf"\g<1>{new}", text, flags=re.IGNORECASE)
    if known.email:
        text = re.sub(re.escape(known.email), "…", text, flags=re.IGNORECASE)
    if known.is_bare_name_theirs:
        for name in (escape(known.name), known.name):
            text = text.replace(name, "…")
    return text
