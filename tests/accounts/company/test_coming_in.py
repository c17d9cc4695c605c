"""Coming in with the company's sign-in, against a real provider."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts import actions, passwords
from intranet.accounts.models import ApiToken, Credential, Person, SignIn
from intranet.accounts.oidc.models import Identity
from intranet.accounts.oidc.provider import Provider
from intranet.governance.models import AuditEntry
from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role
from intranet.operations.doctor import Finding, neighbours
from tests.accounts.company.conftest import Browser, Company
from tests.cast import SYSTEM, Cast, add_person

NewBrowser = Callable[[], Browser]


def person(database: Database, username: str) -> Person:
    with database.reading(SYSTEM) as session:
        return session.scalars(select(Person).where(Person.username == username)).one()


def test_a_first_sign_in_makes_an_account_and_the_second_finds_it(browser: NewBrowser, database: Database) -> None:
    first = browser()
    answer = first.come_in("ada", "?next=/people")
    assert (answer.status_code, answer.location) == (302, "/start")  # whoever is new is shown around first
    assert first.is_in
    ada = person(database, "ada")
    assert (ada.name, ada.email, ada.roles) == ("Ada Almond", None, [])  # nobody confirmed the address
    again = browser()
    answer = again.come_in("ada", "?next=/people")
    assert (answer.status_code, answer.location) == (302, "/people")
    with database.reading(SYSTEM) as session:
        kept = session.scalars(select(Identity)).one()
        assert (kept.person_id, kept.subject) == (ada.id, "ada")
        assert len(session.scalars(select(SignIn)).all()) == 2


def test_an_address_is_kept_where_the_provider_is_trusted_with_it(
    app: Flask, browser: NewBrowser, database: Database
) -> None:
    change(app, oidc_trusts_email=True, oidc_domains="example.org")
    browser().come_in("ada")
    assert person(database, "ada").email == "ada@example.org"


def test_an_address_from_elsewhere_is_turned_away(app: Flask, browser: NewBrowser, database: Database) -> None:
    change(app, oidc_trusts_email=True, oidc_domains="example.com")
    stranger = browser()
    answer = stranger.come_in("ada")
    assert answer.status_code == 403
    assert "not one of those" in answer.text
    assert not stranger.is_in


def test_roles_follow_the_provider_at_every_sign_in(
    browser: NewBrowser, company: Company, cast: Cast, database: Database
) -> None:
    company.tell(groups={"keepers": ["grace"], "hosts": ["grace"], "strangers": ["grace"]})
    browser().come_in("grace")
    assert person(database, "grace").roles == ["admin", "moderator"]
    with database.unit_of_work(SYSTEM) as session:
        grace = session.scalars(select(Person).where(Person.username == "grace")).one()
        roles = frozenset({Role.ADMIN, Role.MODERATOR, Role.STEWARD})
        actions.change_roles(session, SYSTEM, grace, roles)
    company.tell(groups={"keepers": [], "hosts": []})
    browser().come_in("grace")
    assert person(database, "grace").roles == ["steward"]  # given here, so it is not the provider's to take


def test_the_last_admin_stays_whatever_the_provider_says(
    browser: NewBrowser, company: Company, database: Database
) -> None:
    company.tell(groups={"keepers": ["grace"], "hosts": ["grace"]})
    browser().come_in("grace")
    company.tell(groups={"keepers": [], "hosts": []})
    browser().come_in("grace")
    assert person(database, "grace").roles == ["admin"]


def test_somebody_who_left_is_refused(browser: NewBrowser, cast: Cast, database: Database) -> None:
    inside = browser()
    inside.come_in("leaver")
    with database.unit_of_work(SYSTEM) as session:
        gone = session.scalars(select(Person).where(Person.username == "leaver")).one()
        actions.deactivate(session, SYSTEM, gone)
    assert not inside.is_in
    outside = browser()
    answer = outside.come_in("leaver")
    assert answer.status_code == 403
    assert "closed" in answer.text
    assert not outside.is_in


def test_an_answer_to_a_question_that_this_browser_did_not_ask_is_refused(
    browser: NewBrowser, company: Company
) -> None:
    attacker, victim = browser(), browser()
    address = company.prove(attacker.leave(), "ada")
    assert victim.arrive(address).status_code == 403  # no attempt of its own
    victim.leave()
    assert victim.arrive(address).status_code == 403  # another attempt than this
    assert not victim.is_in
    assert attacker.arrive(address).status_code == 302


def test_a_code_for_another_attempt_is_refused(browser: NewBrowser, company: Company) -> None:
    """The state is the victim's, the code the attacker's: nonce and code verifier do not fit."""
    attacker, victim = browser(), browser()
    stolen = company.prove(attacker.leave(), "ada").partition("code=")[2].partition("&")[0]
    own = company.prove(victim.leave(), "grace")
    code = own.partition("code=")[2].partition("&")[0]
    answer = victim.arrive(own.replace(code, stolen))
    assert answer.status_code == 403
    assert "could not be checked" in answer.text
    assert not victim.is_in


def test_a_forged_nonce_is_refused(browser: NewBrowser, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the token had been made for another attempt of the same browser."""
    visitor = browser()
    address = visitor.leave()
    nonce = address.partition("nonce=")[2].partition("&")[0]
    answer = visitor.arrive(company.prove(address.replace(nonce, "another"), "ada"))
    assert answer.status_code == 403
    assert not visitor.is_in


def test_a_code_works_once(browser: NewBrowser, company: Company) -> None:
    visitor = browser()
    address = company.prove(visitor.leave(), "ada")
    attempt = visitor.client.get_cookie("couth-company", path="/sign-in/company")
    assert attempt is not None
    assert visitor.arrive(address).status_code == 302
    visitor.client.post("/sign-out")
    assert visitor.arrive(address).status_code == 403  # the attempt is over
    visitor.client.set_cookie("couth-company", attempt.value, path="/sign-in/company")
    assert visitor.arrive(address).status_code == 403  # and the code is spent
    assert not visitor.is_in


def test_a_new_key_of_the_provider_is_found(app: Flask, browser: NewBrowser, company: Company) -> None:
    browser().come_in("ada")
    kept: Provider = runtime(app).parts["company sign-in"]
    kept._keys_at -= 60  # it was asked a minute ago
    company.tell(rotate=True)
    assert browser().come_in("ada").status_code == 302


def test_a_planted_cookie_is_worth_nothing_after_signing_in(browser: NewBrowser) -> None:
    visitor = browser()
    with visitor.client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
    before = visitor.client.get_cookie("couth")
    visitor.come_in("ada")
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
    after = visitor.client.get_cookie("couth")
    assert before is not None
    assert after is not None
    assert before.value != after.value


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_sent_elsewhere_afterwards(browser: NewBrowser, elsewhere: str) -> None:
    browser().come_in("ada")
    assert browser().come_in("ada", f"?next={elsewhere}").location == "/"


def test_an_address_is_no_way_into_an_account(app: Flask, browser: NewBrowser, cast: Cast, database: Database) -> None:
    answer = browser().come_in("alice")
    assert answer.status_code == 403
    assert "already" in answer.text
    change(app, oidc_links=True)  # still nobody confirmed that the address is hers
    assert browser().come_in("alice").status_code == 403
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Identity)).all() == []


def test_a_confirmed_address_leads_into_the_account_and_ends_what_was_there_before(
    app: Flask, browser: NewBrowser, cast: Cast, database: Database
) -> None:
    """Anybody can write any address into their settings, and wait for its owner to walk in."""
    with database.unit_of_work(SYSTEM) as session:
        password_hash = passwords.hash_password("prepared by somebody else")
        actions.set_password(session, SYSTEM, cast.alice.member_id, password_hash, spare=None)
        actions.make_token(session, SYSTEM, actions.get_person(session, cast.alice.member_id), "a way back")
    squatter = app.test_client()
    squatter.post("/sign-in", data={"login": "alice", "password": "prepared by somebody else"})
    assert squatter.get("/settings/security").status_code == 200
    change(app, oidc_links=True, oidc_trusts_email=True)
    visitor = browser()
    assert visitor.come_in("alice").location == "/"
    assert visitor.is_in
    assert squatter.get("/settings/security").status_code == 302
    with database.reading(SYSTEM) as session:
        assert session.get(Credential, cast.alice.member_id) is None
        assert session.scalars(select(ApiToken)).all() == []
        assert session.scalars(select(Identity.person_id)).one() == cast.alice.member_id


def test_somebody_signed_in_connects_their_account_with_their_password(
    app: Flask, browser: NewBrowser, cast: Cast, database: Database
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        password_hash = passwords.hash_password("seven brass lanterns")
        actions.set_password(session, SYSTEM, cast.bob.member_id, password_hash, spare=None)
    bob = browser()
    bob.client.post("/sign-in", data={"login": "bob", "password": "seven brass lanterns"})
    assert bob.client.post("/settings/company", data={"current": "a guess"}).status_code == 422
    page = bob.client.post("/settings/company", data={"current": "seven brass lanterns"}).text
    permit = page.partition("/sign-in/company?permit=")[2].partition('"')[0]
    assert permit
    assert bob.come_in("grace", f"?permit={permit}").location == "/settings/security"
    later = browser()
    assert later.come_in("grace").location == "/"
    assert 'value="bob"' in later.client.get("/settings/security").text
    with database.reading(SYSTEM) as session:
        identity_id = session.scalars(select(Identity.id)).one()
    later.client.post(f"/settings/company/{identity_id}/drop")
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Identity.id)).all() == []


def test_nobody_connects_an_account_without_having_proved_who_they_are(
    as_viewer: Callable[..., object], browser: NewBrowser, app: Flask, cast: Cast
) -> None:
    as_viewer(cast.bob)
    answer = browser().client.get("/sign-in/company?permit=made-up")
    assert answer.location == "/settings/security"


def test_whoever_has_no_password_keeps_the_only_way_in(browser: NewBrowser, database: Database) -> None:
    visitor = browser()
    visitor.come_in("ada")
    with database.reading(SYSTEM) as session:
        identity_id = session.scalars(select(Identity.id)).one()
    visitor.client.post(f"/settings/company/{identity_id}/drop")
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Identity.id)).one() == identity_id
    # They prove who they are by having come in just now.
    data = {"name": "Ada Almond", "username": "almond", "email": ""}
    assert visitor.client.post("/settings/identity", data=data).status_code == 302
    assert person(database, "almond").id


def test_where_a_username_is_taken_the_name_makes_another(browser: NewBrowser, database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        add_person(session, "ada").email = None
    browser().come_in("ada")
    assert person(database, "ada.almond").name == "Ada Almond"


def test_nobody_gets_an_account_where_invitations_are_needed(app: Flask, browser: NewBrowser) -> None:
    change(app, oidc_accounts=False)
    answer = browser().come_in("ada")
    assert answer.status_code == 403
    assert "invitation" in answer.text


def test_passwords_can_be_off(app: Flask, browser: NewBrowser, cast: Cast, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        password_hash = passwords.hash_password("seven brass lanterns")
        actions.set_password(session, SYSTEM, cast.bob.member_id, password_hash, spare=None)
    change(app, passwords=False)
    bob = browser()
    assert 'type="password"' not in bob.client.get("/sign-in").text
    answer = bob.client.post("/sign-in", data={"login": "bob", "password": "seven brass lanterns"})
    assert answer.status_code == 422
    assert not bob.is_in


def test_signing_out_offers_to_sign_out_there_too(browser: NewBrowser, company: Company) -> None:
    visitor = browser()
    visitor.come_in("ada")
    answer = visitor.client.post("/sign-out")
    assert 'href="/sign-in/company/leave"' in visitor.client.get(answer.location).text
    away = visitor.client.get("/sign-in/company/leave").location
    assert away.startswith(f"{company.issuer}/oauth/end_session?client_id=couth&post_logout_redirect_uri=http")


def test_a_provider_that_does_not_answer_is_named_to_people(app: Flask, browser: NewBrowser) -> None:
    change(app, oidc_issuer="http://127.0.0.1:9")
    answer = browser().client.get("/sign-in/company")
    assert answer.status_code == 502
    assert "did not answer" in answer.text


def test_the_doctor_speaks_to_the_company(app: Flask, company: Company) -> None:
    assert "answers" in looked(app).state
    assert looked(app).remedy == ""
    change(app, oidc_issuer=company.issuer + "/")
    assert "calls itself" in looked(app).state
    assert looked(app).remedy
    change(app, oidc_issuer="http://127.0.0.1:9")
    assert "COUTH_OIDC_ISSUER" in looked(app).remedy


def looked(app: Flask) -> Finding:
    return next(finding for finding in neighbours.look(runtime(app)) if finding.subject == "company sign-in")


def test_it_is_on_record_who_came_and_who_was_turned_away(
    app: Flask, browser: NewBrowser, cast: Cast, database: Database
) -> None:
    browser().come_in("ada")
    browser().come_in("alice")
    outbox.drain(database, "audit", "tests")
    with database.reading(SYSTEM) as session:
        found = set(session.scalars(select(AuditEntry.action)))
    assert {"account.signed-in", "account.identity-connected", "account.company-sign-in-refused"} <= found


def test_without_a_company_there_is_no_such_way(app: Flask, browser: NewBrowser) -> None:
    change(app, oidc_issuer="")
    client = browser().client
    assert "/sign-in/company" not in client.get("/sign-in").text
    assert client.get("/sign-in/company").status_code == 404
    assert client.get("/sign-in/company/back?state=x&code=y").status_code == 404


def change(app: Flask, **settings: Any) -> None:
    runtime(app).settings = replace(runtime(app).settings, **settings)
