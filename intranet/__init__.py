"""Couth, an internal social network. ``create_app`` is the table of contents."""

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from intranet import config
from intranet.kernel import assets, compressing, journal, languages, live, page, problems, templating, web
from intranet.kernel.db import Database
from intranet.kernel.runtime import Runtime, install, runtime

_LARGEST_REQUEST = 64 * 1024 * 1024


def create_app(settings: config.Settings | None = None, *, async_mode: str = "threading") -> Flask:
    """The application with all its features; the serving process names its ``async_mode``.

    Raises:
        BadSetting: a setting cannot be used.
    """
    settings = settings or config.load()
    app = Flask("intranet", root_path=str(config.ROOT))
    configure(app, settings)
    install(app, Runtime(settings=settings, database=Database(settings.database), socketio=None))
    app.jinja_environment = templating.Environment
    journal.set_up(app)
    languages.set_up(app)
    templating.set_up(app)
    page.set_up(app)
    assets.set_up(app, settings)
    compressing.set_up(app)
    web.set_up(app)
    problems.set_up(app)
    register_features(app)
    runtime(app).socketio = live.create(app, async_mode=async_mode)
    return app


def configure(app: Flask, settings: config.Settings) -> None:
    """Flask's own settings from ours, and the data folder."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = config.secret_key(settings)
    except OSError as error:
        raise config.BadSetting(
            f"the data folder {settings.data} cannot be written ({error.strerror}): choose another with COUTH_DATA"
        ) from error
    app.config.update(
        SECRET_KEY=key,
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        # Large enough that an oversized text is refused on its field, beside everything else that was typed.
        MAX_FORM_MEMORY_SIZE=16 * 1024 * 1024,
        # By this beginning of its name a browser takes it over https from this very host alone, for all of it.
        SESSION_COOKIE_NAME="__Host-couth" if settings.is_https else "couth",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own way


FEATURES = (
    "accounts",
    "people",
    "topics",
    "groups",
    "files",
    "links",
    "posts",
    "chat",
    "retold",
    "search",
    "expertise",
    "imports",
    "feed",
    "questions",
    "articles",
    "notifications",
    "governance",
    "operations",
    "home",
    "welcome",
    "api",
    "demo",
    "cli",
)


def register_features(app: Flask) -> None:
    """Every feature, in the order of the layers."""
    for name in FEATURES:
        import_module(f"intranet.{name}").register(app)
