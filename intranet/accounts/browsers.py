"""What a browser calls itself, as a person would say it: "Firefox on Linux"."""

from dataclasses import dataclass

from flask_babel import gettext as _

# In this order: newer browsers carry the names of older ones in their own.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_HANDHELD = frozenset({"iPhone", "iPad", "Android"})


@dataclass(frozen=True, slots=True)
class Browser:
    """``icon`` is the name of its picture."""

    name: str
    icon: str


def browser_of(user_agent: str) -> Browser:
    """Read a User-Agent header; what is unknown keeps its first word."""
    name = next((shown for mark, shown in _BROWSERS if mark in user_agent), "")
    system = next((shown for mark, shown in _SYSTEMS if mark in user_agent), "")
    icon = "phone" if system in _HANDHELD else "laptop"
    if name and system:
        return Browser(_("%(browser)s on %(system)s", browser=name, system=system), icon)
    return Browser(name or system or user_agent.split("/", maxsplit=1)[0][:40] or _("A browser"), icon)
