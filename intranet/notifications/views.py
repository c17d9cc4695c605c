"""The page of notices, the bell in every frame, and the settings of what one is told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from babel.dates import get_day_names
from flask import flash, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.browsers import browser_of
from intranet.accounts.sessions import current_sign_in
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.page import current_viewer, render, wants_fragment
from intranet.kernel.parts import part
from intranet.kernel.policy import ANYONE, MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.notifications import actions, queries
from intranet.notifications.days import Day, by_day
from intranet.notifications.deeds import deeds_of
from intranet.notifications.forms import read_wishes
from intranet.notifications.keywords import keywords_of
from intranet.notifications.levels import wishes_of
from intranet.notifications.models import Digest, Level, Rhythm
from intranet.notifications.places import views as places
from intranet.notifications.places.queries import places_of
from intranet.notifications.push import views as push
from intranet.notifications.push.keys import public_key
from intranet.notifications.push.queries import devices_of
from intranet.notifications.quiet import quiet_of
from intranet.notifications.reminders import views as reminders
from intranet.notifications.reminders.queries import waiting_count
from intranet.notifications.sentences import GLYPHS
from intranet.notifications.sources import PARTS, SOURCES
from intranet.notifications.stopping import read_address, stop_mails
from intranet.notifications.wording import cards
from intranet.people.hours import as_time
from intranet.people.models import Profile

feature = Feature("notifications")
push.mount(feature)
places.mount(feature)
reminders.mount(feature)

_HERE = "/settings/notices"
LEVELS = {Level.NOW: lazy_gettext("Now"), Level.TODAY: lazy_gettext("Today"), Level.NEVER: lazy_gettext("Never")}
DIGESTS = {
    Digest.DAILY: lazy_gettext("Daily"),
    Digest.WEEKLY: lazy_gettext("Weekly"),
    Digest.NEVER: lazy_gettext("Never"),
}


@feature.get("/notifications", allow=MEMBER)
def index(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What needs the viewer, or with ``show=everything`` all that reached them; as a fragment the rows alone."""
    needs_me = request.args.get("show") != "everything"
    only = (queries.NEEDS_ME,) if needs_me else ()
    page = queries.bundles(session, viewer, *only, cursor=request.args.get("before"))
    days = by_day(cards(session, page.items), under=request.args.get("under", "") if wants_fragment() else "")
    quiet = quiet_of(session, viewer.member_id)
    levels = wishes_of(session, viewer.member_id)
    return render(
        "notifications/index.html",
        fragment="notifications/_days_more.html",
        days=days,
        deeds=deeds_of(session, viewer, page.items),
        up_to=queries.newest_id(session, viewer) if page.items else 0,
        needs_me=needs_me,
        unread=queries.unread_count(session, viewer),
        older_address=_older(days, page.older, needs_me=needs_me),
        at_once=[source for source in SOURCES if levels[source] is Level.NOW],
        rhythm=session.get(Rhythm, viewer.member_id),
        quiet=quiet,
        is_quiet=quiet.holds_at(clock.now()),
        to_morning=quiet.minutes_to_morning(clock.now()),
        waiting=waiting_count(session, viewer),
        sources=SOURCES,
        as_time=as_time,
    )


def _older(days: list[Day], cursor: str | None, *, needs_me: bool) -> str | None:
    if not cursor:
        return None
    shown = {} if needs_me else {"show": "everything"}
    return f"/notifications?{urlencode({**shown, 'before': cursor, 'under': days[-1].on.isoformat()})}"


@feature.get("/notifications/<id:notice_id>", allow=MEMBER)
def one(session: Session, viewer: Viewer, notice_id: int) -> ResponseReturnValue:
    """What is new, in words for a toast; without the script's wish for it, the way to what it speaks of."""
    page = queries.bundles(session, viewer, limit=5)
    found = [card for card in cards(session, page.items) if card.id == notice_id]
    if not found:
        raise NotFound
    if wants_fragment():
        return jsonify(
            {
                "words": found[0].said,
                "quote": found[0].quote,
                "url": found[0].url,
                "tag": found[0].thread,
            }
        )
    return redirect(found[0].url)


@feature.get("/notifications/count", allow=MEMBER)
def count(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """How much needs the viewer, for windows that were away or heard of an announcement."""
    return jsonify({"unread": queries.unread_count(session, viewer)})


@feature.post("/notifications/read", allow=MEMBER)
def read(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """A thread (``notice``), what concerns a post (``post``), or everything up to a notice (``up_to``)."""
    given, moment = request.form, None
    if "notice" in given:
        moment = actions.read_thread(session, viewer, parse_id(given["notice"]))
    elif "post" in given:
        actions.read_post(session, viewer, parse_id(given["post"]))
    else:
        moment = actions.read_all(session, viewer, up_to=parse_id(given.get("up_to", "")))
    if wants_fragment():
        return jsonify({"unread": queries.unread_count(session, viewer), "moment": moment and moment.isoformat()})
    if moment is not None:
        flash(_("Marked as read."))
    return redirect(f"/notifications?undo={moment.isoformat()}" if moment else "/notifications", 303)


@feature.post("/notifications/unread", allow=MEMBER)
def unread(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Take a marking back, by its moment."""
    try:
        since = datetime.fromisoformat(request.form.get("moment", "")).astimezone(UTC)
        actions.unread(session, viewer, since=since)
    except (ValueError, OverflowError):
        raise Invalid({"moment": str(_("This cannot be read."))}) from None
    return ("", 204) if wants_fragment() else redirect("/notifications", 303)


@feature.post("/notifications/snooze", allow=MEMBER)
def snooze(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Be left alone for some ``minutes``; 0 ends it."""
    given = request.form.get("minutes", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 5 and int(given) <= 7 * 24 * 60):
        raise Invalid({"minutes": str(_("Choose one of the listed values."))})
    until = clock.now() + timedelta(minutes=int(given)) if int(given) else None
    actions.snooze(session, viewer, until=until)
    return redirect("/notifications", 303)


@feature.get("/settings/notices", allow=MEMBER)
def settings(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What is told now, today or never; when not; and the digest."""
    return _settings_page(session, viewer)


@feature.post("/settings/notices", allow=MEMBER)
def save(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep all of it."""
    try:
        actions.save_wishes(session, viewer, read_wishes(request.form))
    except Invalid as invalid:
        return _settings_page(session, viewer, invalid=invalid), 422
    return redirect(f"{_HERE}?saved=1", 303)


def _settings_page(session: Session, viewer: Viewer, *, invalid: Invalid | None = None) -> str:
    rhythm = session.get(Rhythm, viewer.member_id) or Rhythm(
        quiet_days=[], mails_now=True, digest=Digest.DAILY, digest_at=450
    )
    typed: dict[str, Any] = {
        **{f"level-{source}": level.value for source, level in wishes_of(session, viewer.member_id).items()},
        "quiet_from": as_time(rhythm.quiet_from),
        "quiet_to": as_time(rhythm.quiet_to),
        "digest": rhythm.digest.value,
        "digest_at": as_time(rhythm.digest_at),
        "keywords": "\n".join(keywords_of(session, viewer.member_id)),
    }
    days, mails_now = {int(day) for day in rhythm.quiet_days}, rhythm.mails_now
    if invalid is not None:
        typed.update(request.form.items())
        days = {int(day) for day in request.form.getlist("quiet_days") if day.isdecimal()}
        mails_now = "mails_now" in request.form
    return render(
        "notifications/settings.html",
        typed=typed,
        days=days,
        mails_now=mails_now,
        day_names=get_day_names("abbreviated", locale=get_locale()),
        errors=invalid.fields if invalid else {},
        zone=profile.timezone if (profile := session.get(Profile, viewer.member_id)) else "",
        parts=PARTS,
        glyphs=GLYPHS,
        levels=LEVELS,
        digests=DIGESTS,
        saved=invalid is None and "saved" in request.args,
        devices=devices_of(session, viewer.member_id),
        this_one=current_sign_in(),
        places=places_of(session, viewer),
        browser_of=browser_of,
        push_key=public_key(runtime().settings),
        tried=push.TRIED,
    )


@feature.get("/mail/stop/<token>", allow=ANYONE, before_agreeing=True)
def ask_stop(_session: Session, _viewer: Viewer, token: str) -> ResponseReturnValue:
    """What the link in a mail leads to: one button, since some programs open every link by themselves."""
    _person_id, kind = read_address(token)
    return render("notifications/stop.html", kind=kind.value, token=token, is_done=False)


@feature.post("/mail/stop/<token>", allow=ANYONE, before_agreeing=True, signed_address=True)
def stop(session: Session, _viewer: Viewer, token: str) -> ResponseReturnValue:
    """No more of these mails; what mail programs call for their own button, too."""
    kind = stop_mails(session, token)
    return render("notifications/stop.html", kind=kind.value, token=token, is_done=True)


def bell(**_context: object) -> str:
    """The bell in the frame, with the number of what needs the viewer."""
    return part("notifications/_bell.html", unread=_counted())


def nav_entry(**_context: object) -> str:
    """The way to the page, in the frame's navigation."""
    return part("notifications/_nav.html", unread=_counted(), is_here=request.path == "/notifications")


def _counted() -> int:
    """Asked once for each page, which shows it in two places."""
    if "unread_notices" not in g:
        g.unread_notices = queries.unread_count(g.session, current_viewer())
    return int(g.unread_notices)


def settings_entry(**_context: object) -> str:
    """The way to what one is told, among the settings."""
    return render_template("notifications/_setting.html")
