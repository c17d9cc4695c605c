"""What a page says of itself leaves here as plain words."""

import time

import pytest

from intranet.links.reading import LONGEST_DESCRIPTION, LONGEST_TITLE, read_page

URL = "https://www.wiki.example/pumps/d40"


def test_open_graph_comes_before_the_page_itself() -> None:
    said = read_page(
        b"""<html><head><title>Plain</title><meta name="description" content="Plain words">
        <meta property="og:title" content="Seal &amp; wear"><meta property="og:description" content="Nine days">
        <meta property="og:site_name" content="Our wiki"><meta property="og:image" content="/plot.png"></head>""",
        None,
        URL,
    )
    assert said is not None
    assert (said.title, said.description, said.site) == ("Seal & wear", "Nine days", "Our wiki")
    assert said.picture == "https://www.wiki.example/plot.png"


def test_without_it_the_title_the_description_and_the_server_speak() -> None:
    said = read_page(b"<title>\n  Seal\twear </title><meta name=description content='Nine days'>", None, URL)
    assert said is not None
    assert (said.title, said.description, said.site, said.picture) == ("Seal wear", "Nine days", "wiki.example", "")


@pytest.mark.parametrize(
    "html", ["", "<p>words</p>", "<title></title>", "<title> \n </title>", "<body><title>late</title>"]
)
def test_a_page_without_a_title_has_nothing_to_say(html: str) -> None:
    assert read_page(html.encode(), None, URL) is None


def test_script_in_a_title_is_only_words() -> None:
    said = read_page(b"<meta property='og:title' content='<script>alert(1)</script>'>", None, URL)
    assert said is not None
    assert said.title == "<script>alert(1)</script>"  # escaped where it is shown


def test_a_huge_title_and_directions_that_lie_are_cut() -> None:
    html = "<title>\u202eevil" + "x" * 500_000 + "</title><meta name=description content='" + "word " * 50_000 + "'>"
    said = read_page(html.encode(), "utf-8", URL)
    assert said is not None
    assert len(said.title) <= LONGEST_TITLE + 1
    assert len(said.description) <= LONGEST_DESCRIPTION + 1
    assert "\u202e" not in said.title


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Größe</title>".encode("latin-1"), "iso-8859-1"),
        ('<meta charset="windows-1252"><title>Größe</title>'.encode("cp1252"), None),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><title>Größe</title>'.encode(
                "latin-1"
            ),
            None,
        ),
        ("<title>Größe</title>".encode("utf-8-sig"), "latin-1"),
        ("<title>Größe</title>".encode("utf-16"), "utf-8"),
        ("<title>Größe</title>".encode(), "no-such-charset"),
        ("<title>Größe</title>".encode(), "base64"),
        ("<title>Größe</title>".encode(), "idna"),
    ],
)
def test_charsets_are_found_and_nonsense_is_survived(body: bytes, charset: str | None) -> None:
    said = read_page(body, charset, URL)
    assert said is not None
    assert said.title == "Größe"


def test_a_wrong_charset_gives_wrong_letters_and_no_error() -> None:
    said = read_page("<title>Größe</title>".encode("latin-1"), "utf-8", URL)
    assert said is not None
    assert said.title.startswith("Gr")


@pytest.mark.parametrize(
    "picture", ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "http://u:p@x/"]
)
def test_a_picture_is_a_web_address_or_none(picture: str) -> None:
    said = read_page(f'<title>t</title><meta property="og:image" content="{picture}">'.encode(), None, URL)
    assert said is not None
    assert said.picture == ""


@pytest.mark.parametrize(
    "unit", ["<!--", "<![CDATA[", "<a ", "<meta content='", "&#", "</", "<!", "<?", "<title>", "<a b=", "<script>"]
)
def test_no_page_takes_long_to_read(unit: str) -> None:
    body = (unit * (512 * 1024 // len(unit))).encode()
    began = time.process_time()
    read_page(body, None, URL)
    assert time.process_time() - began < 3
