"""The card of a link as pages show it, and as the row that holds the link keeps it."""

from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup, escape
from typing_extensions import TypedDict


class LinkJson(TypedDict):
    """What a page that is linked to says of itself; ``html`` is its one rendering."""

    url: str
    title: str
    description: str
    site: str
    picture_url: str | None
    html: str


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What the page at ``url`` says of itself. ``picture`` is the hash of our own copy, or empty."""

    url: str
    title: str
    description: str = ""
    site: str = ""
    picture: str = ""
    width: int = 0
    height: int = 0

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> "LinkCard | None":
        """From how it is stored; None where there is none, or where it was taken away."""
        return cls(**kept) if kept and "url" in kept else None

    def as_json(self, picture_url: str) -> LinkJson:
        """As the API gives it; ``html`` is its one rendering, the same for everybody."""
        return {
            "url": self.url,
            "title": self.title,
            "description": self.description,
            "site": self.site,
            "picture_url": picture_url if self.picture else None,
            "html": str(self.html(picture_url)),
        }

    def html(self, picture_url: str) -> Markup:
        """The card. It has no words of ours, so that it reads alike in every language; the picture is ours."""
        art = Markup("")
        if self.picture:
            shown = Markup('<img src="{}?v={}" alt="" width="{}" height="{}" loading="lazy" decoding="async">')
            shown = shown.format(picture_url, self.picture[:10], self.width, self.height)
            art = Markup('<span class="link-card-art">{}</span>').format(shown)
        about = Markup("<span>{}</span>").format(self.description) if self.description else Markup("")
        return Markup(
            '<a class="link-card" data-link-card href="{}" rel="nofollow noopener noreferrer"{}>{}'
            '<span class="link-card-text" dir="auto"><b>{}</b>{}<span>{}</span></span></a>'
        ).format(
            self.url,
            Markup("") if self.picture else Markup(' data-art="none"'),
            art,
            self.title,
            about,
            escape(self.site),
        )
