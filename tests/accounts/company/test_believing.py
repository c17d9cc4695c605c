"""What of a provider's answers is believed: made keys, made tokens, and answers that never end."""

import hmac
import json
import socket
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from intranet.accounts.oidc import provider as providers
from intranet.accounts.oidc.believing import Unanswered, Untrusted
from intranet.accounts.oidc.claims import Rules, as_username, read
from intranet.accounts.oidc.provider import Provider
from intranet.config import BadSetting, Settings, load
from intranet.kernel import clock
from intranet.kernel.viewer import Role
from tests.accounts.company.staging import KEY, OTHER, Stage

NONCE = "one attempt and no other"
RULES = Rules(makes_accounts=True, links=False, trusts_email=False, domains=frozenset(), roles_claim="", roles={})


def claims(stage: Stage, **changed: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    made = {"iss": stage.url, "sub": "ada", "aud": "couth", "iat": now, "exp": now + 300, "nonce": NONCE, **changed}
    return {name: value for name, value in made.items() if value is not None}


def token(stage: Stage, *, key: Any = KEY, alg: str = "RS256", kid: str | None = "first", **changed: Any) -> str:
    header = {"alg": alg, **({"kid": kid} if kid else {})}
    return jwt.encode(header, claims(stage, **changed), key, algorithms=[alg])


def test_a_good_token_is_believed(stage: Stage) -> None:
    assert stage.provider().check(token(stage), nonce=NONCE)["sub"] == "ada"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-program"},
        {"aud": ["couth", "another-program"]},  # made for several, and nobody says that it was us who asked
        {"azp": "another-program"},
        {"nonce": "another attempt"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_for_somebody_or_something_else_is_not(stage: Stage, changed: dict[str, Any]) -> None:
    with pytest.raises(Untrusted):
        stage.provider().check(token(stage, **changed), nonce=NONCE)


def test_an_hour_later_it_is_over(stage: Stage) -> None:
    kept = token(stage)
    with clock.fixed(clock.now() + timedelta(hours=1)), pytest.raises(Untrusted):
        stage.provider().check(kept, nonce=NONCE)


def test_a_signature_by_another_key_is_refused(stage: Stage) -> None:
    with pytest.raises(Untrusted):
        stage.provider().check(token(stage, key=OTHER), nonce=NONCE)


def test_a_token_that_was_changed_is_refused(stage: Stage) -> None:
    head, _, signature = token(stage).split(".")
    _, body, _ = token(stage, sub="dana").split(".")
    with pytest.raises(Untrusted):
        stage.provider().check(f"{head}.{body}.{signature}", nonce=NONCE)


def _none(stage: Stage) -> str:
    registry = jws.JWSRegistry(algorithms=["none"])
    content = json.dumps(claims(stage))
    return jws.serialize_compact({"alg": "none", "kid": "first"}, content, OctKey.generate_key(), registry=registry)


def _public_key_as_secret(stage: Stage) -> str:
    """The well-known trick: what everybody can read, used as if it were a shared secret."""
    head, body = (
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "first"}, claims(stage))
    )
    signature = hmac.digest(KEY.as_pem(private=False), head + b"." + body, "sha256")
    return b".".join((head, body, urlsafe_b64encode(signature).rstrip(b"="))).decode()


def _client_secret(stage: Stage) -> str:
    return token(stage, key=OctKey.import_key("secret" * 8), alg="HS256")


@pytest.mark.parametrize("made", [_none, _public_key_as_secret, _client_secret])
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_unsigned_and_shared_secrets_are_refused(stage: Stage, made: Callable[[Stage], str]) -> None:
    stage.show(KEY, OctKey.generate_key(256, {"kid": "second"}))
    with pytest.raises(Untrusted):
        stage.provider().check(made(stage), nonce=NONCE)


@pytest.mark.parametrize("nonsense", ["", "a.b.c", "x", "..", "\x00", "é.é.é"])
def test_nonsense_is_no_token(stage: Stage, nonsense: str) -> None:
    with pytest.raises(Untrusted):
        stage.provider().check(nonsense, nonce=NONCE)


def test_a_new_key_is_looked_for_at_once_and_not_again_and_again(stage: Stage) -> None:
    new = ECKey.generate_key("P-256", {"kid": "second"})
    provider = stage.provider()
    provider.check(token(stage), nonce=NONCE)
    stage.show(KEY, new)
    provider._keys_at -= 60
    provider.check(token(stage, key=new, alg="ES256", kid="second"), nonce=NONCE)
    for _ in range(5):
        with pytest.raises(Untrusted):
            provider.check(token(stage, kid="made-up"), nonce=NONCE)
    assert stage.asked.count("/keys") == 2


def test_an_unknown_kind_of_key_hinders_nobody(stage: Stage) -> None:
    stage.answers["/keys"]["keys"].insert(0, {"kty": "EC", "crv": "P-1", "kid": "new", "x": "AA", "y": "AA"})
    assert stage.provider().check(token(stage), nonce=NONCE)


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://login.example.com/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
    ids=str,
)
def test_a_provider_must_say_who_it_is_and_where_in_the_open(stage: Stage, change: dict[str, Any]) -> None:
    stage.answers["/.well-known/openid-configuration"] |= change
    with pytest.raises(Untrusted):
        stage.provider().places()


@pytest.mark.parametrize("answer", [b"<html>", [1], b"x" * (2 << 20), None, "http://127.0.0.1:9/elsewhere"], ids=repr)
def test_what_is_no_answer_is_said_to_be_none(stage: Stage, answer: object) -> None:
    stage.answers["/.well-known/openid-configuration"] = answer
    with pytest.raises(Unanswered):
        stage.provider().places()


def test_a_provider_that_takes_the_call_and_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "_PATIENCE", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unanswered):
        Provider(f"http://127.0.0.1:{silent.getsockname()[1]}", "couth", "").places()


def test_a_provider_that_drips_is_left_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "SECONDS", 0.3)

    def drip(server: socket.socket) -> None:
        line, _ = server.accept()
        with line:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            try:
                while True:
                    line.sendall(b" ")
                    threading.Event().wait(0.02)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        with pytest.raises(Unanswered, match="without end"):
            Provider(f"http://127.0.0.1:{server.getsockname()[1]}", "couth", "").places()


@pytest.mark.parametrize(
    ("said", "is_confirmed"), [(True, True), ("true", True), (False, False), (None, False), ("yes", False), (1, False)]
)
def test_an_address_counts_where_the_provider_says_so(said: object, is_confirmed: bool) -> None:
    told = read({"iss": "i", "sub": "s", "email": "Ada@Example.org", "email_verified": said}, RULES)
    assert told is not None
    assert (told.email, told.is_confirmed) == ("ada@example.org", is_confirmed)


@pytest.mark.parametrize(
    "email", ["a@b", "a b@c.de", "a@b.de\r\nBcc: x@y.z", "<a@b.de>", 5, ["a@b.de"], "a@b@c.de", ""]
)
def test_what_is_no_address_is_none(email: object) -> None:
    told = read({"iss": "i", "sub": "s", "email": email, "email_verified": True}, RULES)
    assert told is not None
    assert (told.email, told.is_confirmed) == (None, False)


@pytest.mark.parametrize(
    ("words", "username"),
    [
        ("Ada Almond", "ada.almond"),
        ("Øyvind Åse", "oyvind.ase"),
        ("../../etc/passwd", "etc.passwd"),
        ("<script>alert(1)</script>", "script.alert.1.script"),
        ("李小龙", ""),
        ("-_.", ""),
        ("x" * 500, "x" * 56),
    ],
)
def test_usernames_are_made_of_what_may_be_in_one(words: str, username: str) -> None:
    assert as_username(words) == username


def test_a_name_is_one_clean_line() -> None:
    told = read({"iss": "i", "sub": "s", "name": "Ada\u202e\n<b>Almond</b>" + "x" * 500}, RULES)
    assert told is not None
    assert told.name.startswith("Ada <b>Almond</b>")
    assert len(told.name) == 200


@pytest.mark.parametrize("subject", [None, "", 5, ["ada"], "x" * 256, "a\0b"])
def test_nobody_is_nobody(subject: object) -> None:
    assert read({"iss": "i", "sub": subject}, RULES) is None


@pytest.mark.parametrize(
    ("claim", "told", "roles"),
    [
        ("groups", {"groups": ["keepers", "others"]}, {Role.ADMIN}),
        ("groups", {"groups": "keepers"}, {Role.ADMIN}),
        ("groups", {"groups": [["keepers"], 5, None]}, set()),
        ("groups", {"groups": {"keepers": True}}, set()),
        ("groups", {}, set()),
        ("realm_access.roles", {"realm_access": {"roles": ["hosts"]}}, {Role.MODERATOR}),
        ("https://example.org/roles", {"https://example.org/roles": ["hosts"]}, {Role.MODERATOR}),
    ],
)
def test_roles_come_from_the_claim_and_the_mapping_alone(claim: str, told: dict[str, Any], roles: set[Role]) -> None:
    rules = Rules.of(Settings(oidc_roles_claim=claim, oidc_roles="keepers=admin, hosts=moderator"))
    found = read({"iss": "i", "sub": "s", **told}, rules)
    assert found is not None
    assert found.roles == roles


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PASSWORDS": "off"}, "nobody could sign in"),
        ({"OIDC_ISSUER": "http://login.example.com", "OIDC_CLIENT_ID": "c"}, "must begin with https"),
        ({"OIDC_ISSUER": "https://login.example.com"}, "COUTH_OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "https://l.example", "OIDC_CLIENT_ID": "c", "TRUSTED_PROXIES": "1"}, "COUTH_BASE_URL"),
        ({"OIDC_ISSUER": "https://l.example", "OIDC_CLIENT_ID": "c", "OIDC_SCOPES": "email"}, "openid"),
        ({"OIDC_ISSUER": "https://l.example", "OIDC_CLIENT_ID": "c", "OIDC_ROLES": "keepers=king"}, "keepers=king"),
        ({"OIDC_ISSUER": "https://l.example", "OIDC_CLIENT_ID": "c", "OIDC_ROLES": "a=admin"}, "ROLES_CLAIM"),
    ],
)
def test_a_wrong_setting_stops_the_start(environment: dict[str, str], words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        load({f"COUTH_{name}": value for name, value in environment.items()})
