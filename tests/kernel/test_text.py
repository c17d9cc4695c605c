"""What people write comes out safe, whole and linked."""

import re
from html import unescape

import pytest

from intranet.kernel.text import clean_line, clean_text, excerpt, fold, plain, render_markdown, slugify

PEOPLE = {"ada": "Ada Lovelace", "o.k": "O <K>"}


def html(text: str) -> str:
    return render_markdown(text, PEOPLE).html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<a href='data:text/html,x'>x</a>",
        "<svg onload=alert(1)>",
        "<iframe src=//x></iframe>",
        "<style>*{display:none}</style>",
        "#<script>x</script>",
        "@ada<script>",
        "`<script>`",
        "```html\n<script>alert(1)</script>\n```",
    ],
)
def test_nothing_that_runs_comes_through(attack: str) -> None:
    out = html(attack).lower()
    assert "<script" not in out
    assert "onerror=" not in out
    assert "onload=" not in out
    assert "javascript:" not in out
    assert "data:text" not in out
    assert "<iframe" not in out
    assert "<style" not in out


def test_mentions_and_hashtags_become_links_in_words_only() -> None:
    found = render_markdown("Thanks @Ada, see #Time-Zones and `@ada #no` https://x.example/#frag", PEOPLE)
    assert found.mentions == ("ada",)
    assert found.hashtags == ("time-zones",)
    assert 'href="/people/ada"' in found.html
    assert 'href="/topics/time-zones"' in found.html
    assert "<code>@ada #no</code>" in found.html


def test_an_unknown_name_stays_as_typed_and_an_email_is_no_mention() -> None:
    found = render_markdown("@nobody wrote to ada@example.org", PEOPLE)
    assert found.mentions == ()
    assert "@nobody" in found.html


def test_a_name_with_markup_is_escaped() -> None:
    assert "O &lt;K&gt;" in html("@o.k")


def test_numbers_are_no_topics_and_every_script_is() -> None:
    assert render_markdown("#42 #泵 #насос #größe").hashtags == ("泵", "насос", "größe")


def test_code_is_coloured_and_kept_to_the_letter() -> None:
    out = html('```python\nif a < b & c: print("x")\n```')
    assert plain(out) == 'if a < b & c: print("x")'
    assert "<span" in out


def test_code_is_captioned_with_what_it_is_written_in() -> None:
    assert "<figcaption>Python</figcaption>" in html("```py\nx\n```")
    assert "<figcaption>blub</figcaption>" in html("```blub\nx\n```")
    assert "<figcaption data-bare></figcaption>" in html("```\nx\n```")
    assert "<figcaption>&lt;b&gt;</figcaption>" in html("```<b>\nx\n```")


def test_code_keeps_its_empty_lines() -> None:
    shown = html("```python\n\n\nx = 1\n\n```")
    assert unescape(re.sub(r"<[^>]*>", "", shown.partition("<code>")[2])).rstrip("\n") == "\n\nx = 1"


def test_entities_are_neither_lost_nor_doubled() -> None:
    assert plain(html("a &lt; b & c < d &amp;amp;")) == "a < b & c < d &amp;"


def test_overrides_and_control_characters_go_and_other_scripts_stay() -> None:
    assert clean_text(" a\u202eb\x00c\r\nd\x07 ") == "abc\nd"
    assert clean_line("من  هنا\n今日") == "من هنا 今日"


def test_folding_ignores_case_and_accents() -> None:
    assert fold("Wiśniewski ØRSTED Łódź") == "wisniewski orsted lodz"


def test_slugs_and_excerpts() -> None:
    assert slugify("  Time Zones & DST! ") == "time-zones-dst"
    assert excerpt("one two three", most=8) == "one two…"
    assert excerpt("x" * 20, most=5) == "xxxxx…"
    assert excerpt("@leila 电表在停电时为什么会停止？请看一下", most=16) == "@leila 电表在停电时为什么…", (
        "no blanks between words"
    )


def test_direction_overrides_in_imported_text_are_not_shown() -> None:
    assert plain(html("invoice\u202efdp.exe and `code\u2066`")) == "invoicefdp.exe and code"
