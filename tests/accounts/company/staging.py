"""A provider that is made up: it says what a test tells it to, and signs with keys of the test's own."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import ECKey, OctKey, RSAKey

from intranet.accounts.oidc.provider import Provider

KEY, OTHER = RSAKey.generate_key(2048, {"kid": "first"}), RSAKey.generate_key(2048, {"kid": "first"})


class Stage:
    """A provider that says what it is told to; ``answers`` maps a path to what is sent."""

    def __init__(self) -> None:
        stage = self
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stage.asked.append(self.path)
                answer = stage.answers.get(self.path)
                self.send_response(302 if isinstance(answer, str) else 200 if answer is not None else 500)
                if isinstance(answer, str):
                    self.send_header("Location", answer)
                self.end_headers()
                self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

            def log_message(self, *_given: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.answers["/.well-known/openid-configuration"] = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }
        self.show(KEY)

    def show(self, *keys: RSAKey | ECKey | OctKey) -> None:
        self.answers["/keys"] = {"keys": [key.as_dict(private=False) for key in keys]}

    def provider(self) -> Provider:
        return Provider(self.url, "couth", "secret")
