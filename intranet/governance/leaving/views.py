"""The page on which somebody leaves, and the offer to those who followed them."""

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts import queries as accounts
from intranet.accounts.models import Person
from intranet.articles.queries import titles_of
from intranet.governance import wording
from intranet.governance.leaving import actions, queries
from intranet.governance.views import feature
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.page import current_viewer, render
from intranet.kernel.policy import ADMIN, MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system
from intranet.people.cards import person_cards

# What somebody owns alone must pass on whether or not an admin may read it; the page only counts hidden groups.
_NOTARY = system(reason="leaving: counts and passes on groups that admins may not know of")
_MOST = 100  # articles that are named one by one
_PER_ITEM = ("group-", "article-", "report-", "role-")


def _estate(_viewer: Viewer) -> queries.Estate:
    with runtime().database.reading(_NOTARY) as session:
        return queries.estate_of(session, _named(session))


def _named(session: Session) -> Person:
    """The person whom the address names."""
    return accounts.person_by_username(session, str((request.view_args or {})["username"]))


@feature.get("/admin/people/<username>/leaving", allow=ADMIN, prepare=_estate)
def leaving(session: Session, _viewer: Viewer, username: str, *, prepared: queries.Estate) -> ResponseReturnValue:
    """What they alone look after, and who shall from now on."""
    proposed = prepared.proposed.username if prepared.proposed else ""
    return _page(session, username, prepared, given={"successor": proposed})


def _page(
    session: Session, username: str, estate: queries.Estate, *, given: object, errors: dict[str, str] | None = None
) -> str:
    person = accounts.person_by_username(session, username)
    titles = titles_of(session, estate.articles[:_MOST])
    return render(
        "governance/leaving/page.html",
        person=person,
        card=person_cards(session, [person.id])[person.id],
        estate=estate,
        articles=titles,
        more_articles=len(estate.articles) - len(titles),
        role_names=wording.ROLES,
        given=given,
        errors=errors or {},
    )


def _pass_on(viewer: Viewer) -> dict[str, str] | None:
    """In one transaction that sees every group; the fields that cannot be taken, or None."""
    form = request.form
    wishes = actions.Wishes(
        successor=form.get("successor", ""),
        others={name: value for name, value in form.items() if name.startswith(_PER_ITEM)},
        roles=frozenset(form.getlist("roles")),
    )

    def act(session: Session) -> None:
        actions.pass_on(session, viewer, _named(session), wishes)

    try:
        runtime().database.transact(_NOTARY, act)
    except Invalid as invalid:
        return invalid.fields
    except Conflict:
        return {"last": _("Somebody must run the place: name another admin first.")}
    return None


@feature.post("/admin/people/<username>/leaving", allow=ADMIN, prepare=_pass_on)
def leave(session: Session, viewer: Viewer, username: str, *, prepared: dict[str, str] | None) -> ResponseReturnValue:
    """Close the account and pass everything on."""
    if prepared:
        return _page(session, username, _estate(viewer), given=request.form, errors=prepared), 422
    flash(_("Closed. Every session of theirs has ended, and what they looked after has passed on."))
    return redirect(f"/admin/people/{username}", 303)


@feature.post("/people/<username>/successor", allow=MEMBER)
def follow_successor(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """Follow who carries on for a leaver, or not."""
    leaver = accounts.person_by_username(session, username)
    actions.follow_successor(session, viewer, leaver.id, accept=request.form.get("accept") == "1")
    return redirect("/", 303)


def offer(**_context: object) -> str:
    """On the home page: who carries on for a leaver whom the viewer follows."""
    found = queries.offers(g.session, current_viewer().member_id)
    return render_template("governance/leaving/_offer.html", offers=found) if found else ""
