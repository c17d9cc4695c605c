"""The palette leads to what its reader may know of, and to nothing else."""

from flask import Flask

from intranet.groups import actions as groups
from intranet.groups.models import GroupKind
from intranet.home.places import actions, pages
from intranet.kernel.db import Database
from intranet.topics.vocabulary import ensure_topics
from tests.cast import Cast
from tests.fixtures import AsViewer, Queries


def test_a_few_letters_lead_to_people_pages_and_actions(as_viewer: AsViewer, cast: Cast) -> None:
    found = as_viewer(cast.alice).get("/palette?q=bo").text
    assert 'href="/people/bob"' in found
    assert 'href="/bookmarks"' in as_viewer(cast.alice).get("/palette?q=saved").text
    assert 'href="/groups/new"' in as_viewer(cast.alice).get("/palette?q=start+group").text
    assert "Who knows about" in found


def test_a_hidden_group_is_no_place_for_carol(database: Database, as_viewer: AsViewer, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        groups.found_group(session, cast.alice, groups.GroupDraft(name="Zugvogel", kind=GroupKind.HIDDEN))
    assert "Zugvogel" in as_viewer(cast.alice).get("/palette?q=zug").text.replace("“zug”", "")
    assert "Zugvogel" not in as_viewer(cast.carol).get("/palette?q=zug").text


def test_administration_is_offered_to_admins_alone(as_viewer: AsViewer, cast: Cast) -> None:
    assert 'href="/admin/overview"' not in as_viewer(cast.carol).get("/palette").text
    assert 'href="/admin/overview"' in as_viewer(cast.dana).get("/palette").text


def test_hostile_lines_are_words_like_others(as_viewer: AsViewer, cast: Cast) -> None:
    for line in ("<script>", "%27", "'\"", "a" * 5000, "東京", "\u202e"):
        assert as_viewer(cast.alice).get("/palette", query_string={"q": line}).status_code == 200


def test_where_one_was_lately_is_read_with_what_one_may_see_now(
    database: Database, as_viewer: AsViewer, cast: Cast
) -> None:
    with database.unit_of_work(cast.alice) as session:
        hidden = groups.found_group(session, cast.alice, groups.GroupDraft(name="Zugvogel", kind=GroupKind.HIDDEN))
        ensure_topics(session, ["kafka"])
        address = f"/groups/{hidden.slug}"
    asked = [address, "/people/bob", "/topics/kafka", "/people/erin", "/people/nobody", "/admin", "//evil", "x" * 5000]
    for viewer, is_shown in ((cast.alice, True), (cast.carol, False)):
        page = as_viewer(viewer).get("/palette", query_string={"recent": asked}).text
        lately = page.partition('aria-label="Lately"')[2].partition('role="group"')[0]
        assert (address in lately) is is_shown
        assert lately.index("/people/bob") < lately.index("/topics/kafka")
        assert "erin" not in lately
        assert "evil" not in page


def test_actions_are_offered_to_those_who_may(as_viewer: AsViewer, cast: Cast) -> None:
    carol = as_viewer(cast.carol).get("/palette").text
    assert 'data-does="theme"' in carol
    assert 'data-sends="/feed/seen" data-fields="{&#34;' in carol  # JSON, escaped for the attribute
    assert "Read Couth in Deutsch" in carol
    assert "Announce something" not in carol
    assert "Announce something" in as_viewer(cast.dana).get("/palette").text
    assert "Ask for votes" in as_viewer(cast.carol).get("/palette?q=poll").text


def test_every_place_and_every_sending_answers(app: Flask, as_viewer: AsViewer, cast: Cast) -> None:
    dana = as_viewer(cast.dana)
    with app.test_request_context():
        for place in (*pages(cast.dana), *actions(cast.dana)):
            assert dana.get(place.url.partition("#")[0], follow_redirects=True).status_code == 200, place
            if place.sends and place.sends != "/sign-out":
                assert dana.post(place.sends, data=place.fields).status_code in {204, 303}, place


def test_the_palette_answers_in_few_statements(as_viewer: AsViewer, cast: Cast, queries: Queries) -> None:
    carol = as_viewer(cast.carol)
    carol.get("/palette?q=a")
    with queries(13):
        assert carol.get("/palette?q=a").status_code == 200
    with queries(13):
        assert carol.get("/palette?recent=/people/bob&recent=/topics/kafka").status_code == 200
