"""Every language is whole: no text without its translation, none guessed, none that lost a placeholder."""

import re

import pytest
from babel.messages.catalog import Message

from intranet.accounts.models import Person
from intranet.kernel.db import Database
from intranet.kernel.languages import CATALOGUES, LANGUAGES, SOURCE
from intranet.kernel.viewer import Viewer
from intranet.translations import missing, read, renewed, texts
from tests.cast import Cast
from tests.fixtures import AsViewer

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+>")
TRANSLATED = [language for language in LANGUAGES if language != SOURCE]


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_without_its_translation(language: str) -> None:
    assert missing(read(language), texts()) == [], "script/translate brings them into the catalogue"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_no_text_that_is_gone(language: str) -> None:
    file = CATALOGUES / f"{language}.po"
    assert file.read_bytes() == renewed(read(language), texts(), language), "script/translate puts it in order"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_every_placeholder(language: str) -> None:
    bad = [message.id for message in read(language) if message.id and not _keeps(message)]
    assert bad == []


def _keeps(message: Message) -> bool:
    # A form for one may name the number or not, as its English form does or as that of many does.
    wanted = [set(_PLACEHOLDER.findall(source)) for source in _forms(message.id)]
    return all(set(_PLACEHOLDER.findall(result)) in (wanted[-1], wanted[0]) for result in _forms(message.string))


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


PAGES = ("/", "/people", "/groups", "/groups/new", "/topics", "/experts?q=kafka", "/search?q=kafka", "/bookmarks")
MORE = ("/settings/appearance", "/settings/profile", "/settings/security", "/settings/known", "/people/alice", "/no")


@pytest.mark.parametrize("address", [*PAGES, *MORE])
def test_pages_speak_german(as_viewer: AsViewer, cast: Cast, address: str) -> None:
    page = as_viewer(cast.dana).get(address, headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert page.status_code in {200, 404}
    assert '<html lang="de"' in page.text
    assert "Find an expert" not in page.text


def test_a_reader_chooses_a_language_that_their_browser_did_not_ask_for(
    database: Database, as_viewer: AsViewer, cast: Cast
) -> None:
    alice = as_viewer(cast.alice)
    assert alice.post("/settings/language", data={"language": "de"}).status_code == 303
    with database.reading(cast.alice) as session:
        assert session.get_one(Person, cast.alice.id).language == "de"
    chosen = Viewer(cast.alice.id, cast.alice.roles, language="de")
    assert 'lang="de"' in as_viewer(chosen).get("/").text
    assert alice.post("/settings/language", data={"language": "xx"}).status_code == 422
