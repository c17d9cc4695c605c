"""What is asked of the company's sign-in, and what of its answers is believed. All of it is slow: keep it off the loop.

Every answer is bounded in bytes and in seconds, no redirect is followed, and an ID token counts only with a signature
by one of the provider's public keys, made for us, now, and for this very attempt.
"""

import json
import logging
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client.oauth2_session import OAuth2Auth, OAuth2ClientAuth
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, import_key
from joserfc.jwt import JWTClaimsRegistry, Token
from urllib3.exceptions import HTTPError

from intranet.accounts.oidc.believing import LOGOUT_LASTS, Unanswered, Untrusted
from intranet.config import Settings, is_sealed
from intranet.kernel import clock

log = logging.getLogger(__name__)

# Signatures that only the holder of a private key can make: never "none", never a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
SECONDS = 10.0
_PATIENCE = (4, 6)  # seconds to connect, and for each step of reading
_MOST_BYTES = 1 << 20
_FRESH = 3600.0
_ROTATES_EVERY = 30.0
_LEEWAY = 60
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_TYPES = {"JWT", "LOGOUT+JWT"}
_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Places:
    """What the provider says of itself; optional ones are empty where it has none."""

    authorize: str
    token: str
    keys: str
    facts: str
    leave: str
    client_auth: str


@dataclass(slots=True)
class Provider:
    """One company's sign-in. Addresses and keys are kept for an hour; an unknown key is looked for at once."""

    issuer: str
    client_id: str
    client_secret: str
    _places: Places | None = field(default=None, init=False)
    _places_at: float = field(default=0.0, init=False)
    _keys: KeySet | None = field(default=None, init=False)
    _keys_at: float = field(default=0.0, init=False)

    @classmethod
    def of(cls, settings: Settings) -> "Provider":
        return cls(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)

    def places(self) -> Places:
        """Where to ask for what.

        Raises:
            Unanswered, Untrusted: it cannot be found out.
        """
        if self._places is None or time.monotonic() - self._places_at > _FRESH:
            self._places, self._places_at = self._discover(), time.monotonic()
        return self._places

    def way_there(self, *, redirect_uri: str, scopes: str, state: str, nonce: str, verifier: str) -> str:
        """The address at which a person proves who they are."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return str(add_params_to_uri(self.places().authorize, list(asked.items())))

    def way_out(self, *, back: str) -> str | None:
        """The address at which a person signs out there too; None where there is none."""
        leave = self.places().leave
        asked = [("client_id", self.client_id), ("post_logout_redirect_uri", back)]
        return str(add_params_to_uri(leave, asked)) if leave else None

    def redeem(self, code: str, *, redirect_uri: str, nonce: str, verifier: str) -> dict[str, Any]:
        """What the provider says of whoever came back with ``code``; it works once.

        Raises:
            Unanswered, Untrusted: nothing is known of them.
        """
        places = self.places()
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        status, answer = _ask(
            "POST",
            places.token,
            data={**given, "code_verifier": verifier},
            auth=OAuth2ClientAuth(self.client_id, self.client_secret, places.client_auth),
        )
        if status != requests.codes.ok or not isinstance(answer.get("id_token"), str):
            raise Untrusted(f"the code was not taken: {str(answer.get('error', status))[:60]}")
        claims = self.check(answer["id_token"], nonce=nonce)
        return {**self._facts(answer.get("access_token"), claims), **claims}

    def check(self, id_token: str, *, nonce: str | None) -> dict[str, Any]:
        """The claims of an ID token that is signed, made for us, still good, and for this attempt.

        Raises:
            Untrusted: it is not.
        """
        try:
            token = self._opened(id_token)
            wanted = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
                "sub": {"essential": True},
            }
            known = {"nonce": nonce, "client_id": self.client_id}
            claims = CodeIDToken(token.claims, token.header, wanted, known)
            claims.validate(now=int(clock.now().timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise Untrusted(
                f"the ID token: {type(error).__name__} {getattr(error, 'claim', '') or ''}".strip()
            ) from error
        return dict(claims)

    def check_logout(self, logout_token: str) -> dict[str, Any]:
        """The claims of a token by which the provider says, just now and to us, that somebody signed out there.

        Raises:
            Untrusted: it is not that.
            Unanswered: its signature cannot be checked now.
        """
        present = int(clock.now().timestamp())
        try:
            token = self._opened(logout_token)
            JWTClaimsRegistry(
                now=present,
                leeway=_LEEWAY,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client_id},
                iat={"essential": True},
                jti={"essential": True},
            ).validate(token.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise Untrusted(f"the logout token: {type(error).__name__}") from error
        told, kind = dict(token.claims), str(token.header.get("typ") or "JWT").upper()
        happened = told.get("events")
        is_logout = isinstance(happened, dict) and isinstance(happened.get(_LOGOUT), dict)
        if not is_logout or "nonce" in told or kind not in _LOGOUT_TYPES:
            raise Untrusted("the logout token is something else")
        if present - told["iat"] > LOGOUT_LASTS + _LEEWAY:
            raise Untrusted("the logout token is too old")
        return told

    def _opened(self, token: str) -> Token:
        """A token whose signature is by one of the provider's keys; an unknown one is looked for anew."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:
            return jwt.decode(token, self._key_set(anew=True), algorithms=list(ALGORITHMS))

    def key_count(self) -> int:
        """How many keys it has that can check a signature.

        Raises:
            Unanswered, Untrusted: it cannot be found out.
        """
        return len(self._key_set().keys)

    def _facts(self, access_token: object, claims: dict[str, Any]) -> dict[str, Any]:
        """What the provider tells of a person apart from their ID token, which many keep short."""
        facts = self.places().facts
        if not facts or not isinstance(access_token, str):
            return {}
        bearer = OAuth2Auth({"access_token": access_token, "token_type": "Bearer"})
        status, told = _ask("GET", facts, auth=bearer)
        if status != requests.codes.ok:
            raise Unanswered(f"userinfo answers {status}")
        if told.get("sub") != claims["sub"]:
            raise Untrusted("userinfo is about somebody else")
        return told

    def _key_set(self, *, anew: bool = False) -> KeySet:
        age = time.monotonic() - self._keys_at
        if self._keys is None or age > _FRESH or (anew and age > _ROTATES_EVERY):
            status, answer = _ask("GET", self.places().keys)
            if status != requests.codes.ok or not isinstance(answer.get("keys"), list):
                raise Unanswered(f"keys: answers {status}")
            self._keys, self._keys_at = KeySet(_public_keys(answer["keys"])), time.monotonic()
        return self._keys

    def _discover(self) -> Places:
        url = self.issuer.rstrip("/") + _DISCOVERY
        status, told = _ask("GET", url)
        if status != requests.codes.ok:
            raise Unanswered(f"{url} answers {status}")
        if told.get("issuer") != self.issuer:
            raise Untrusted(f"it calls itself {str(told.get('issuer'))[:200]}: COUTH_OIDC_ISSUER must be exactly that")
        found = {name: _place(told, name) for name in ("userinfo_endpoint", "end_session_endpoint")}
        needed = {name: _place(told, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        missing = sorted(name for name, place in needed.items() if not place)
        if missing:
            raise Untrusted(f"it does not say its {', '.join(missing)}")
        return Places(
            authorize=needed["authorization_endpoint"],
            token=needed["token_endpoint"],
            keys=needed["jwks_uri"],
            facts=found["userinfo_endpoint"],
            leave=found["end_session_endpoint"],
            client_auth=_client_auth(told, has_secret=bool(self.client_secret)),
        )


def _place(told: dict[str, Any], name: str) -> str:
    place = told.get(name)
    if not place:
        return ""
    if not isinstance(place, str) or not is_sealed(place):
        raise Untrusted(f"its {name} is no https address")
    return place


def _client_auth(told: dict[str, Any], *, has_secret: bool) -> str:
    """How we prove ourselves: as the provider likes it, in a header where it says nothing."""
    if not has_secret:
        return "none"
    offered = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_post" if "client_secret_basic" not in offered else "client_secret_basic"


def _public_keys(given: list[Any]) -> list[Any]:
    """Those that can check a signature; a kind of key that is new to us hinders nobody who uses another."""
    found = []
    for entry in given:
        if isinstance(entry, dict) and entry.get("kty") in {"RSA", "EC", "OKP"} and entry.get("use") != "enc":
            try:
                found.append(import_key(entry))
            except (JoseError, ValueError, KeyError) as error:
                log.warning("company sign-in: a key is of no use (%s)", type(error).__name__)
    return found


def _ask(method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """(status, JSON object) of one request.

    Raises:
        Unanswered: nothing came in time, or no JSON.
    """
    deadline = time.monotonic() + SECONDS
    place = urlsplit(url).netloc
    headers = {"Accept": "application/json", "User-Agent": "Couth"}
    body = bytearray()
    try:
        with requests.request(
            method, url, headers=headers, timeout=_PATIENCE, allow_redirects=False, stream=True, **more
        ) as response:
            while chunk := response.raw.read1(_MOST_BYTES, decode_content=True):
                body += chunk
                if len(body) > _MOST_BYTES or time.monotonic() > deadline:
                    raise Unanswered(f"{place} answers without end")
            status = response.status_code
    except (OSError, HTTPError) as error:
        raise Unanswered(f"{place}: {type(error).__name__}") from error
    try:
        told = json.loads(body) if body else {}
    except ValueError as error:
        raise Unanswered(f"{place} answers {status} without JSON") from error
    if not isinstance(told, dict):
        raise Unanswered(f"{place} answers {status} without a JSON object")
    return status, told
