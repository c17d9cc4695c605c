"""The one place that turns an error into a page, a problem document or a fragment's JSON."""

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from intranet.kernel import doing, errors
from intranet.kernel.db import is_passing
from intranet.kernel.live import UNFORESEEN, errors_as_json
from intranet.kernel.page import from_own_script, wants_fragment, wants_json

log = logging.getLogger(__name__)

_RETRY_AFTER = 5  # seconds
_WORDS = ("title", "lead", "text", "note")  # what fields of running words are called


def set_up(app: Flask) -> None:
    """Handle our own errors, werkzeug's and everything unforeseen."""
    app.register_error_handler(errors.CouthError, _known)
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _not_now)
    app.register_error_handler(Exception, _unforeseen)


def _known(error: errors.CouthError) -> ResponseReturnValue:
    if isinstance(error, errors.SignInNeeded) and not (wants_json() or wants_fragment()):
        if request.method == "GET":
            return redirect(f"/sign-in?next={quote(request.full_path.rstrip('?'), safe='')}")
        return _answer(int(error.status), errors_as_json(error), error) if _typed() else redirect("/sign-in")
    if isinstance(error, errors.AgreementNeeded) and not wants_json():
        return redirect(f"/guidelines/agree?next={quote(request.full_path.rstrip('?'), safe='')}")
    response = _answer(int(error.status), errors_as_json(error), error)
    if isinstance(error, errors.TooFast):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    phrase = HTTPStatus(status).phrase
    return _answer(status, {"type": phrase.lower().replace(" ", "-"), "title": phrase, "status": status}, error)


def _old_form(error: CSRFError) -> ResponseReturnValue:
    """The form is older than the session. The page's own script, the only one that can send its header and read the
    answer, is told the token of now and whose it is: with it the same person sends the same once more."""
    problem = {"type": "old-form", "title": HTTPStatus.BAD_REQUEST.phrase, "status": 400}
    if from_own_script() and g.viewer.is_member:
        problem |= {"token": generate_csrf(), "viewer": str(g.viewer.id)}
    return _answer(400, problem, error)


def _not_now(error: OperationalError) -> ResponseReturnValue:
    """The database is busy, full, or away: nothing was changed, and the same may be sent again."""
    if not is_passing(error):
        return _unforeseen(error)
    log.error("the database cannot serve at %s", request.url_rule, exc_info=error)
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = _answer(int(status), {"type": "not-now", "title": status.phrase, "status": int(status)}, error)
    response.headers["Retry-After"] = str(_RETRY_AFTER)
    return response


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("unforeseen error at %s", request.url_rule, exc_info=error)
    return _answer(500, UNFORESEEN, error)


def _answer(status: int, problem: dict[str, Any], error: Exception) -> Response:
    if wants_json() or wants_fragment():
        response = make_response(jsonify(problem), status)
        response.content_type = "application/problem+json"
        return response
    typed = _typed() if status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else []
    story = {"status": status, "problem": problem, "error": error, "request_id": doing.request_id(), "typed": typed}
    return make_response(render_template("errors/error.html", **story), status)


def _typed() -> list[str]:
    """The words that were sent by a plain form: they stand nowhere else where no script kept them."""
    return [words for name in _WORDS if (words := request.form.get(name, "").strip())]
