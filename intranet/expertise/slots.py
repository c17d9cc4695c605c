"""What this feature shows on other features' pages. Nothing here asks the engine: these run inside a transaction."""

from typing import Any

from flask import render_template

from intranet.kernel.page import Slot, fill
from intranet.kernel.parts import part


def _tab(**context: Any) -> str:
    return render_template("expertise/_tab.html", **context)


def _topic_part(**context: Any) -> str:
    return render_template("expertise/_topic_part.html", **context)


def _setting(**_context: Any) -> str:
    return render_template("expertise/_setting.html")


def _meet(**_context: Any) -> str:
    return part("expertise/_meet_rail.html")


def _group_tab(**context: Any) -> str:
    return render_template("expertise/grouped/_tab.html", **context)


def _group_rail(**context: Any) -> str:
    return render_template("expertise/grouped/_rail.html", **context)


def fill_slots() -> None:
    """Take the places."""
    fill(Slot.SETTINGS_PARTS, _setting)
    fill(Slot.PROFILE_TABS, _tab)
    fill(Slot.TOPIC_KNOWERS, _topic_part)
    fill(Slot.HOME_RAIL, _meet)
    fill(Slot.GROUP_TABS, _group_tab)
    fill(Slot.GROUP_RAIL, _group_rail)
