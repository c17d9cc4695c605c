"""What this shows on the pages of people."""

from typing import Any

from flask import g, render_template

from intranet.people.profiles import ProfileView
from intranet.posts.person.helping import last_help
from intranet.posts.person.rhythm import rhythm_of


def profile_sheet(*, profile: ProfileView, **_context: Any) -> str:
    """On which days they wrote, below what they know."""
    rhythm = rhythm_of(g.session, profile.card.id, profile.card.timezone)
    return render_template("posts/_rhythm.html", profile=profile, rhythm=rhythm) if rhythm.total else ""


def on_card(*, profile: ProfileView, **_context: Any) -> str:
    """What last helped somebody, on the hover card."""
    return render_template("posts/_helped.html", helped=last_help(g.session, profile.card.id))
