"""A document shows its first page or its first lines; what is broken, hostile or too much shows its name alone."""

import io
import os
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from PIL import Image

from intranet.files import actions as files
from intranet.files.models import StoredFile
from intranet.files.previews.actions import Preview, answer_of, bring_preview, draw, read_answer
from intranet.kernel import jobs, live, outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.posts import actions as posts
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


def pdf(*sizes: tuple[float, float]) -> bytes:
    """Empty pages of these sizes, in points."""
    document = pypdfium2.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def archive(**parts: str | bytes) -> bytes:
    """A document that is an archive; ``__`` stands for ``/`` in the names of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_png", ".png"), content)
    return out.getvalue()


def picture(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def seen(tmp_path: Path, data: bytes) -> Preview:
    return read_answer(tmp_path, answer_of(kept(tmp_path, data)))


def spent() -> float:
    """Seconds of the processor that programs took which have ended."""
    times = os.times()
    return times.children_user + times.children_system


def kept(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "document"
    path.write_bytes(data)
    return path


def test_a_pdf_shows_its_first_page(tmp_path: Path) -> None:
    found = seen(tmp_path, pdf((595, 842), (100, 100), (100, 100)))
    assert (found.pages, found.width, found.height) == (3, 566, 800)
    assert found.picture
    assert not found.text


@pytest.mark.parametrize("size", [(14_400, 14_400), (1, 14_400), (14_400, 1), (3, 3)])
def test_pages_of_any_size_become_small_pictures(tmp_path: Path, size: tuple[int, int]) -> None:
    found = seen(tmp_path, pdf(size))
    assert found.picture
    assert max(found.width, found.height) <= 800


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"# Plan\n\nWe begin on Monday.\n", "# Plan\n\nWe begin on Monday."),
        ("\ufeffName;Ort\nÖzil;Köln".encode(), "Name;Ort\nÖzil;Köln"),
        ("計画\nالخطة".encode("utf-16"), "計画\nالخطة"),
        (b"<script>alert(1)</script>\x1b[31m", "<script>alert(1)</script>[31m"),
        (b"\xff\xfb\x90\x00\x01" * 100, ""),
        (b"\0" * 100, ""),
        (b"Gr\xfc\xdfe", ""),
    ],
)
def test_a_text_shows_its_first_lines(tmp_path: Path, data: bytes, text: str) -> None:
    assert seen(tmp_path, data) == Preview(text=text)


def test_a_long_text_shows_little(tmp_path: Path) -> None:
    found = seen(tmp_path, b"word " * 1000 + b"\nline" * 100_000)
    assert len(found.text.splitlines()) == 14
    assert len(found.text) < 400


def test_texts_and_slides_show_their_thumbnail_or_their_paragraphs(tmp_path: Path) -> None:
    word = "<w:p><w:r><w:t>Seal &amp; ring</w:t></w:r><w:r><w:t xml:space='preserve'> D40</w:t></w:r></w:p><w:p/></w:p>"
    assert seen(tmp_path, archive(word__document_xml=word)).text == "Seal & ring D40"
    slides = archive(ppt__slides__slide1_xml="<a:p><a:r><a:t>One</a:t></a:r></a:p>", ppt__slides__slide2_xml="")
    assert seen(tmp_path, slides) == Preview(pages=2, text="One")
    writer = {"content_xml": "<text:h>Title</text:h><text:p>Said <b>so</b></text:p>"}
    assert seen(tmp_path, archive(**writer)).text == "Title\nSaid so"
    with_picture = seen(tmp_path, archive(**writer, Thumbnails__thumbnail_png=picture((200, 280))))
    assert (with_picture.width, with_picture.height, with_picture.text) == (200, 280, "")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\nnothing else",
        pdf((595, 842))[:300],
        b"PK\x03\x04broken",
        archive(Thumbnails__thumbnail_png=b"no picture"),
        archive(word__document_xml="<w:p>" * 50),
        archive(anything="else"),
    ],
)
def test_what_is_broken_shows_nothing(tmp_path: Path, data: bytes) -> None:
    assert seen(tmp_path, data) == Preview()


WORKBOOK = {
    "xl__sharedStrings_xml": "<sst><si><t>Pump</t></si><si><r><t>Sea</t></r><r><t>ls &amp; more</t></r></si></sst>",
    "xl__styles_xml": '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[Red]0 &quot;days&quot;"/>'
    '<numFmt numFmtId="171" formatCode="dd.mm.yyyy"/></numFmts><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>',
    "xl__worksheets__sheet1_xml": '<worksheet><sheetData><row r="1"/><row r="2"><c r="B2" t="s"><v>0</v></c>'
    '<c r="C2" t="inlineStr"><is><t>Since</t></is></c></row><row r="3"><c r="A3" t="s"><v>1</v></c>'
    '<c r="B3" s="1"><v>3.50</v></c><c r="C3" s="2"><v>45658</v></c><c r="D3" t="b"><v>1</v></c>'
    '<c r="ZZ3"><v>far away</v></c></row><row r="4"><c r="A4" t="s"><v>99</v></c></row></sheetData></worksheet>',
}


def test_a_workbook_shows_the_beginning_of_its_first_sheet(tmp_path: Path) -> None:
    found = seen(tmp_path, archive(**WORKBOOK))
    assert found.text.split("\n") == ["–\tPump\tSince", "Seals & more\t3.5\t2025-01-01\t✓"]
    assert not found.picture


def test_an_open_sheet_shows_its_cells_and_not_a_million_empty_ones(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"{more}><text:p>{words}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(more=more, words=words)}<table:table-cell/></table:table-row>"
        for more, words in (("", "Pump"), (' table:number-columns-repeated="3"', "x &lt; y"))
    )
    empty = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell/></table:table-row>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    found = seen(tmp_path, archive(mimetype=kind, content_xml=f"<office:spreadsheet>{rows}{empty * 99}"))
    assert found.text.split("\n") == ["Pump", "x < y\tx < y\tx < y"]


@pytest.mark.parametrize(
    "sheet",
    [
        "<row>" * 400_000,
        "<row>" + "<c>" * 400_000 + "</row>",
        "<row>" + '<c r="A1" t="s"><v>' + "9" * 400_000 + "</v></c></row>",
        '<row><c s="2"><v>1e308</v></c></row>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><row><c t="str"><v>&b;</v></c></row>',
    ],
)
def test_a_hostile_sheet_is_read_as_far_as_it_goes(tmp_path: Path, sheet: str) -> None:
    began = spent()
    found = seen(tmp_path, archive(**{**WORKBOOK, "xl__worksheets__sheet1_xml": sheet}))
    assert spent() - began < 20
    assert len(found.text) <= 400
    assert "aaaa" not in found.text


def test_an_archive_that_swells_is_read_in_part(tmp_path: Path) -> None:
    swollen = archive(word__document_xml=b"<w:p>" + b" " * 200_000_000)
    began = spent()
    assert seen(tmp_path, swollen) == Preview()
    assert spent() - began < 10


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "import os; os.abort()",
        "print('x' * 10_000); raise SystemExit(1)",
    ],
)
def test_a_program_that_hangs_or_dies_says_nothing(tmp_path: Path, program: str) -> None:
    script = tmp_path / "program.py"
    script.write_text(program)
    assert answer_of(kept(tmp_path, b"x"), program=script, seconds=1) == b""


def test_the_program_bounds_itself(tmp_path: Path) -> None:
    """A document that makes the parser take memory or write without end meets the bounds set before it is read."""
    original = Path(files.__file__).parent / "previews" / "drawing.py"
    for evil in ("bytearray(3 * 1024 ** 3)", f"open({str(tmp_path / 'out')!r}, 'wb').write(b'x' * 20_000_000)"):
        script = tmp_path / "evil.py"
        script.write_text(original.read_text().replace("    found = drawn(", f"    {evil}\n    found = drawn("))
        assert answer_of(kept(tmp_path, b"text"), program=script) == b""


@pytest.mark.parametrize(
    "answer",
    [b"", b"{", b"[]\n", b'{"pages": "many", "text": ""}\n', b'{"pages": 1, "text": ""}\nno picture', b'{"pages": 1}'],
)
def test_what_the_program_says_is_not_believed(tmp_path: Path, answer: bytes) -> None:
    assert read_answer(tmp_path, answer) == Preview()


class Desk:
    """Posts a file of alice's, and has the worker draw it."""

    def __init__(self, app: Flask, database: Database, cast: Cast) -> None:
        self.app, self.database, self.cast = app, database, cast

    def post(self, name: str, data: bytes, audience_id: int) -> tuple[int, int]:
        with self.app.test_request_context():
            kept = files.receive(runtime(self.app).settings.files_folder, name, data)
        with self.database.unit_of_work(self.cast.alice) as session:
            file_id = files.put_on_shelf(session, self.cast.alice, kept).id
            draft = posts.PostDraft(text="Read this", audience_id=audience_id, files=(file_id,))
            return posts.publish_post(session, self.cast.alice, draft).id, file_id

    def work(self) -> None:
        with self.app.app_context():
            while jobs.run_due(self.database):
                pass


@pytest.fixture
def desk(app: Flask, database: Database, cast: Cast) -> Desk:
    return Desk(app, database, cast)


def test_readers_see_the_first_page_and_outsiders_nothing(desk: Desk, cast: Cast, as_viewer: AsViewer) -> None:
    post_id, file_id = desk.post("plan.pdf", pdf((595, 842), (595, 842)), cast.group)
    bob = as_viewer(cast.bob)
    assert "data-preview" not in bob.get(f"/posts/{post_id}").text
    desk.work()
    page = bob.get(f"/posts/{post_id}").text
    assert f'src="/files/{file_id}/small"' in page
    assert "2 pages" in page
    with bob.get(f"/files/{file_id}/small") as small:
        assert Image.open(io.BytesIO(small.data)).size == (566, 800)
    assert f'data-file="{file_id}"' in bob.get(f"/files/{file_id}/card").text
    carol = as_viewer(cast.carol)
    assert [carol.get(f"/files/{file_id}{part}").status_code for part in ("", "/small", "/card")] == [404, 404, 404]


def test_what_a_text_says_is_shown_as_it_is(desk: Desk, cast: Cast, as_viewer: AsViewer) -> None:
    post_id, _ = desk.post("page.html", b"<script>alert(1)</script>", cast.group)
    desk.work()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in as_viewer(cast.bob).get(f"/posts/{post_id}").text


def test_pages_that_show_the_file_are_told(desk: Desk, database: Database, cast: Cast) -> None:
    _, file_id = desk.post("plan.pdf", pdf((595, 842)), cast.group)
    desk.work()
    with database.reading(SYSTEM) as session:
        told = [row for row in outbox.after(session, 0, limit=100) if row.type == "file.previewed"]
        messages = [live.present(session, row) for row in told]
        stored = session.get_one(StoredFile, file_id)
        assert [row.audience_id for row in told] == [cast.group]
        assert [message and message["data"]["small_url"] for message in messages] == [f"/files/{file_id}/small"]
        assert live.present(session, told[0]) is not None
        assert stored.pages == 1


def test_a_preview_that_comes_after_the_file_was_taken_back_is_told_to_nobody(
    desk: Desk, database: Database, cast: Cast
) -> None:
    post_id, _ = desk.post("plan.pdf", pdf((595, 842)), cast.group)
    desk.work()
    with database.unit_of_work(cast.alice) as session:
        posts.delete_item(session, cast.alice, post_id)
    with database.reading(SYSTEM) as session:
        told = [row for row in outbox.after(session, 0, limit=100) if row.type == "file.previewed"]
        assert [live.present(session, row) for row in told] == [None]


def test_a_file_whose_bytes_or_row_are_gone_is_left_alone(desk: Desk, database: Database) -> None:
    with desk.app.app_context():
        assert draw(database, {"file_id": 1}) == Preview()
    with database.unit_of_work(SYSTEM) as session:
        bring_preview(session, {"file_id": 1}, Preview(text="late"))
        assert not session.query(StoredFile).count()


def test_the_first_rows_stand_in_a_table(desk: Desk, cast: Cast, as_viewer: AsViewer) -> None:
    post, _file = desk.post("pumps.xlsx", archive(**WORKBOOK), cast.group)
    desk.work()
    page = as_viewer(cast.bob).get(f"/posts/{post}").text
    assert '<td dir="auto">Seals &amp; more</td><td dir="auto">3.5</td>' in page
