"""Two people write at the same article: neither writes over the other without seeing it, and both keep their words."""

import re

from intranet.kernel.db import Database
from tests.articles.keeping import TITLE, WORDS, card, kept, solved
from tests.cast import Cast
from tests.fixtures import AsViewer


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found
    return found[1]


def test_who_was_slower_sees_what_changed_and_keeps_their_words(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    alice, bob = as_viewer(cast.alice), as_viewer(cast.bob)
    began = version_in(alice.get(f"/articles/{made}/edit").text)
    first = {"title": TITLE, "text": "Bleed both valves first.", "note": "There are two", "version": began}
    assert bob.post(f"/articles/{made}/edit", data=first).status_code == 303
    mine = {"title": TITLE, "text": "Bleed the valve with a rag.", "version": began}
    answer = alice.post(f"/articles/{made}/edit", data=mine)
    assert answer.status_code == 409
    assert "Bleed the valve with a rag." in answer.text
    assert "changed meanwhile" in answer.text
    assert "There are two" in answer.text
    assert re.search(r"<ins>.*both.*</ins>", answer.text)
    assert card(database, cast.alice, made).text == "Bleed both valves first."

    later = version_in(answer.text)
    assert later != began
    assert alice.post(f"/articles/{made}/edit", data={**mine, "version": later}).status_code == 303
    assert card(database, cast.bob, made).text == "Bleed the valve with a rag."


def test_what_is_sent_once_more_because_nobody_answered_is_no_conflict(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    alice = as_viewer(cast.alice)
    words = {"title": TITLE, "text": "Twice", "version": card(database, cast.alice, made).version}
    assert [alice.post(f"/articles/{made}/edit", data=words).status_code for _time in range(2)] == [303, 303]


def test_what_cannot_be_taken_still_goes_on_from_what_its_writer_saw(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    alice, bob = as_viewer(cast.alice), as_viewer(cast.bob)
    began = card(database, cast.alice, made).version
    bob.post(f"/articles/{made}/edit", data={"title": TITLE, "text": "Newer", "version": began})
    answer = alice.post(f"/articles/{made}/edit", data={"title": "", "text": "Mine", "version": began})
    assert answer.status_code == 422
    assert version_in(answer.text) == began


def test_who_keeps_an_answer_after_somebody_else_did_is_shown_theirs_and_keeps_the_words(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    question = solved(database, cast.alice, cast.bob)
    made = kept(database, cast.bob, question)
    alice = as_viewer(cast.alice)
    answer = alice.post(f"/questions/{question}/article", data={"title": TITLE, "text": "In other words"})
    assert answer.status_code == 409
    assert "In other words" in answer.text
    assert f"/articles/{made}/edit" in answer.text
    same = alice.post(f"/questions/{question}/article", data={"title": TITLE, "text": WORDS})
    assert (same.status_code, same.location) == (303, f"/articles/{made}")


def test_the_form_opens_for_who_may_save_it_and_cuts_nothing_off(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    made = kept(database, cast.alice, solved(database, cast.alice, cast.bob))
    assert as_viewer(cast.carol).get(f"/articles/{made}/edit").status_code == 403
    alice = as_viewer(cast.alice)
    form = alice.get(f"/articles/{made}/edit").text.partition('class="sheet-body')[2].partition("</form>")[0]
    assert "textarea" in form
    assert "maxlength" not in form
    long = {"title": "t" * 201, "lead": "l" * 301, "text": "x" * 20_001, "note": "n" * 201}
    answer = alice.post(f"/articles/{made}/edit", data=long)
    assert answer.status_code == 422
    for name, words in long.items():
        assert f'id="field-{name}-error" role="alert"' in answer.text
        assert words in answer.text
