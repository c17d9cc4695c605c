"""One way into the product: viewer -> policy -> unit of work -> response -> commit -> send.

Every route says ``allow=``; one that does not fails when its module is imported. Views get a session that belongs to
their viewer, and never commit.
"""

import inspect
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, make_response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.routing import BaseConverter, ValidationError

from intranet.kernel import assets, idempotency, live, pace, page, policy, storable
from intranet.kernel.api import ROOT, Api
from intranet.kernel.errors import AgreementNeeded, NotFound
from intranet.kernel.ids import MAX_ID
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Viewer

Handler = Callable[..., ResponseReturnValue]
csrf = CSRFProtect()

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class IdConverter(BaseConverter):
    """``<id:post_id>``: a whole number that can be an id; anything else is 404."""

    regex = r"\d{1,19}"

    def to_python(self, value: str) -> int:
        if int(value) > MAX_ID:
            raise ValidationError
        return int(value)


def own_path(address: str, *, otherwise: str = "/") -> str:
    """``address`` if it is a path of ours, else ``otherwise``: nobody is sent elsewhere. Browsers read a backslash as a
    slash, and tabs and line ends not at all."""
    parts = urlsplit(address)
    is_ours = address.startswith("/") and not address.startswith("//") and not parts.netloc and not parts.scheme
    return address if is_ours and "\\" not in address and address.isprintable() else otherwise


class Feature(Blueprint):
    """A blueprint whose routes and socket calls must say who is let in."""

    def __init__(self, name: str) -> None:
        super().__init__(name, f"intranet.{name}")

    def get(self, rule: str, *, allow: StrEnum, **options: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # allow= is the point
        """A page: its session may only read."""
        return self.route(rule, methods=("GET",), allow=allow, **options)

    def post(self, rule: str, *, allow: StrEnum, **options: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # allow= is the point
        """A change: one transaction, kept when the answer is not an error."""
        return self.route(rule, methods=("POST",), allow=allow, **options)

    def patch(self, rule: str, *, allow: StrEnum, **options: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # allow= is the point
        """A change of a part."""
        return self.route(rule, methods=("PATCH",), allow=allow, **options)

    def delete(self, rule: str, *, allow: StrEnum, **options: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # allow= is the point
        """A taking away."""
        return self.route(rule, methods=("DELETE",), allow=allow, **options)

    def route(  # type: ignore[override]  # allow= is the point
        self,
        rule: str,
        *,
        allow: StrEnum,
        methods: tuple[str, ...] = ("GET",),
        prepare: Callable[[Viewer], object] | None = None,
        endpoint: str | None = None,
        defaults: dict[str, Any] | None = None,
        before_agreeing: bool = False,
        signed_address: bool = False,
        writes: bool = True,
        api: Api | None = None,
    ) -> Callable[[Handler], Handler]:
        """Mount ``handler(session, viewer, **url_values)``.

        ``before_agreeing`` lets in a member who has not agreed to the guidelines that hold: signing out and one's own
        data are never locked. ``signed_address`` asks for no CSRF token: the address, or what is sent to it, holds a
        signature that nobody else can make. What is sent by POST only because it is long says ``writes=False`` and
        takes no lock. ``prepare(viewer)`` runs before and outside the transaction (hashing, pictures); its result is
        the keyword ``prepared``. ``api`` is what a call of the API takes and gives, as ``body`` and ``asked``.
        """
        if rule.startswith(ROOT) and api is None:
            raise TypeError(f"{rule} does not say what it takes and gives: api=Api(...)")

        def register(handler: Handler) -> Handler:
            read = _reader(handler, api)

            def view(**values: Any) -> Response:
                if g.viewer.must_agree and not before_agreeing and allow is not policy.ANYONE:
                    _ask_to_agree()
                return _answer(handler, allow, prepare, values, read=read, is_signed=signed_address, writes=writes)

            view.allow = allow  # type: ignore[attr-defined]  # read by the architecture tests
            view.api, view.says = api, handler.__doc__  # type: ignore[attr-defined]  # for the document of the API
            name = endpoint or handler.__name__
            self.add_url_rule(rule, name, view, methods=list(methods), defaults=defaults or {})
            return handler

        return register

    def on(self, name: str, *, allow: StrEnum, writes: bool = True) -> Callable[[live.Call], live.Call]:
        """An acknowledged socket call: ``handler(session, viewer, data) -> dict``; one that only passes something on
        says ``writes=False`` and takes no lock."""

        def register(handler: live.Call) -> live.Call:
            live.register_call(name, allow, handler, writes=writes)
            return handler

        return register

    def mount(self, app: Flask) -> None:
        """Add the routes to the application; the last line of a feature's ``register(app)``."""
        app.register_blueprint(self)


def _reader(handler: Handler, api: Api | None) -> Callable[[], dict[str, Any]]:
    """What reads a request into those of ``asked`` and ``body`` that the handler has parameters for."""
    if api is None:
        return dict
    named = inspect.signature(handler).parameters
    return lambda: {name: value for name, value in api.read().items() if name in named}


def _keep_pace(viewer: Viewer, *, is_costly: bool) -> None:
    """Count what changes something, and what has to be made ready apart, as searches are.

    Raises:
        TooFast: the viewer goes faster than any person.
    """
    who = str(viewer.id or request.remote_addr)
    if request.method not in _SAFE:
        pace.changes.count(who)
    elif is_costly:
        pace.searches.count(who)


@contextmanager
def _naming_what_cannot_be_kept() -> Iterator[None]:
    """Say in which field a character stands that no database takes.

    Raises:
        Invalid: on each such field.
        NotFound: it is in the address.
    """
    try:
        yield
    except storable.Unstorable as error:
        if storable.refusal(request.view_args):
            raise NotFound from error
        sent = request.get_json(silent=True) if request.is_json else None
        body = sent if isinstance(sent, dict) else None
        raise storable.refusal(request.args, request.form, body, dict(request.headers)) or error from error


def _ask_to_agree() -> None:
    """Stop a program, and a person who opens a page; what an open page still does goes through, so that nothing typed
    is lost.

    Raises:
        AgreementNeeded: the viewer has not agreed to what holds here.
    """
    opens_page = request.method == "GET" and not (page.wants_fragment() or page.wants_json())
    if opens_page or g.get("by_token", False):
        raise AgreementNeeded


@_naming_what_cannot_be_kept()
def _answer(
    handler: Handler,
    allow: StrEnum,
    prepare: Callable[[Viewer], object] | None,
    values: dict[str, Any],
    *,
    read: Callable[[], dict[str, Any]],
    is_signed: bool,
    writes: bool,
) -> Response:
    viewer: Viewer = g.viewer
    policy.require(allow, viewer)
    _keep_pace(viewer, is_costly=prepare is not None)
    needs_token = request.method not in _SAFE and not g.get("by_token", False) and not is_signed
    if needs_token and current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    values = {**values, **read()}
    if prepare is not None:
        values = {**values, "prepared": prepare(viewer)}

    def act(session: Session) -> Response:
        g.session = session
        try:
            return make_response(handler(session, viewer, **values))
        finally:
            g.pop("session")  # an error page must not read on in a transaction that is over

    database = runtime().database
    if request.method in _SAFE or not writes:
        with database.reading(viewer) as session:
            return act(session)
    return database.transact(
        viewer,
        lambda session: idempotency.once(session, viewer, lambda: act(session)),
        keep=lambda response: response.status_code < 400,
    )


def set_up(app: Flask) -> None:
    """Identify the viewer before each request, and send the security headers after it."""
    app.url_map.converters["id"] = IdConverter
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    app.session_interface = _Sessions()
    app.before_request(_identify)
    app.after_request(_security_headers)


def _identify() -> None:
    g.viewer = ANONYMOUS
    g.csp_nonce = secrets.token_urlsafe(16)
    if request.endpoint != "static":
        g.viewer = runtime().identify()


class _Sessions(SecureCookieSessionInterface):
    """Static files are the same for everybody: what a browser keeps of them must not hang on its cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def _security_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if runtime().settings.is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        _keep(response)
    else:
        _guard(response)
    return response


def _keep(response: Response) -> None:
    """How long a browser may hold a static file without asking. Modules import each other by plain names: it asks."""
    path = str((request.view_args or {}).get("filename"))
    is_lasting = assets.never_changes(path, versioned="v" in request.args) and response.status_code < 400
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_lasting else "no-cache"


def _guard(response: Response) -> None:
    policy_parts = (
        "default-src 'self'",
        f"script-src 'self' 'nonce-{g.get('csp_nonce', '')}'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # data custom properties such as style="--hue:172"
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "; ".join(policy_parts))
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cache-Control", "private, no-store")
