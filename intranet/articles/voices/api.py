"""What readers say of articles, as JSON."""

from http import HTTPStatus

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.articles.finding import find_article
from intranet.articles.schemas import VoiceJson
from intranet.articles.views import feature
from intranet.articles.voices import actions
from intranet.articles.voices.forms import VoiceForm
from intranet.articles.voices.queries import all_voices, voice_cards
from intranet.articles.voices.views import say_limit
from intranet.kernel.api import Api, Before, Listed
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer


@feature.get("/api/v1/articles/<id:article_id>/voices", allow=MEMBER, api=Api(Listed[VoiceJson], asks=Before))
def api_voices(session: Session, viewer: Viewer, article_id: int, asked: Before) -> ResponseReturnValue:
    """Everything that readers said of an article, the latest first; what has ``settled_at`` no longer counts."""
    found = all_voices(session, viewer, find_article(session, article_id).id, before=asked.before)
    return jsonify({"items": [voice.as_json() for voice in found.items], "next": found.older})


@feature.put(
    "/api/v1/articles/<id:article_id>/voice", allow=MEMBER, api=Api(VoiceJson, takes=VoiceForm), prepare=say_limit
)
def api_say(
    session: Session, viewer: Viewer, article_id: int, body: VoiceForm, **_prepared: object
) -> ResponseReturnValue:
    """Say that an article is still ``right``, or with a ``note`` what is ``different``; a second time changes it."""
    voice = actions.say(session, viewer, article_id, body.says, note=body.note)
    return jsonify(voice_cards(session, viewer, [voice])[0].as_json())


@feature.delete("/api/v1/articles/<id:article_id>/voice", allow=MEMBER, api=Api())
def api_unsay(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """Take back what one said of an article."""
    actions.unsay(session, viewer, article_id)
    return "", HTTPStatus.NO_CONTENT


@feature.post("/api/v1/articles/voices/<id:voice_id>/settle", allow=MEMBER, api=Api())
def api_settle(session: Session, viewer: Viewer, voice_id: int) -> ResponseReturnValue:
    """It is dealt with and no longer counts; the article's keeper or a steward."""
    actions.settle(session, viewer, voice_id)
    return "", HTTPStatus.NO_CONTENT
