"""Canaille, a real OpenID Connect provider, as a program of its own: ``serving.py PORT REDIRECT_URI FOLDER``.

It takes a JSON object on each line of its input: ``{"groups": {"keepers": ["ada"]}}``
says who is in which group from now on, ``{"rotate": true}`` has it sign with another key. It answers each with a line.
"""

import json
import sys
import threading
from typing import Any

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

PEOPLE = {"ada": "Ada Almond", "grace": "Grace Gale", "leaver": "Lee Avery", "alice": "Alice Example"}
PASSWORD = "harbour lights at nine"


class Quiet(WSGIRequestHandler):
    """Nothing is printed but answers."""

    def log(self, *_given: object) -> None:
        pass


def new_key() -> dict[str, Any]:
    return dict(RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True))


def furnish(redirect_uri: str) -> None:
    """People, and the one program that they may sign in to."""
    for username, name in PEOPLE.items():
        given, _, family = name.partition(" ")
        person = models.User(
            user_name=username,
            formatted_name=name,
            display_name=username,
            given_name=given,
            family_name=family,
            emails=[f"{username}@example.org"],
            password=PASSWORD,
        )
        Backend.instance.save(person)
    client = models.Client(
        client_id="couth",
        client_secret="a secret of two machines",
        client_name="Couth",
        client_uri="http://127.0.0.1",
        redirect_uris=[redirect_uri],
        post_logout_redirect_uris=[redirect_uri.rpartition("/sign-in/")[0] + "/sign-in"],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email", "groups"],
        token_endpoint_auth_method="client_secret_basic",
        # Its access tokens are signed alike: RS256 would make one twice for one person in one second, which it refuses.
        id_token_signed_response_alg="PS256",
    )
    client.audience = [client]
    Backend.instance.save(client)


def put_into(groups: dict[str, list[str]]) -> None:
    for name, usernames in groups.items():
        held = Backend.instance.get(models.Group, display_name=name)
        if held is not None:
            Backend.instance.delete(held)
        members = [Backend.instance.get(models.User, user_name=username) for username in usernames]
        if members:
            Backend.instance.save(models.Group(display_name=name, members=members))


def main() -> None:
    port, redirect_uri, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    config = {
        "SECRET_KEY": "only for tests",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"JAVASCRIPT": False, "HTMX": False, "LOGGING": {"version": 1}, "CAPTCHA_ENABLED": False},
        "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{folder}/company.db", "PASSWORD_SCHEMES": "plaintext"},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [new_key()]},
    }
    app = create_app(config)
    with app.app_context():
        furnish(redirect_uri)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        with app.app_context():
            put_into(asked.get("groups", {}))
        if asked.get("rotate"):
            app.config["CANAILLE_OIDC"]["ACTIVE_JWKS"] = [new_key()]
        print("done", flush=True)


main()
