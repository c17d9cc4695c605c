"""Papers of the demo company, drawn while it moves in: a photograph-like chart and a report of three pages."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

_PAGE = (827, 1169)  # A4 at 100 dots an inch
_MARGIN = 84
_INK, _FAINT, _PAPER, _LINE, _WARM = "#18211f", "#5f6d69", "#ffffff", "#0b6b58", "#e0a12b"

REPORT = (
    (
        "What we would do differently",
        "Notes from moving fourteen tenants to ingest v3",
        (
            "We thought that the large tenants would hurt. They did not:",
            "the old firmware did. Of forty hours of replay, thirty went",
            "into three customers with gateways from before 2021.",
            "",
            "1.  Begin with the slow ones, on a Monday.",
            "2.  Rehearse the way back once, with a stopwatch.",
            "3.  Tell support the evening before, not the morning after.",
            "4.  Keep the old consumer for a week. We needed it twice.",
        ),
    ),
    (
        "What it took",
        "Hours of replay by tenant",
        (
            "Zaragoza        11.5",
            "Busan            9.0",
            "Gdańsk           8.5",
            "the other eleven 11.0",
            "",
            "Nothing was lost. One day of readings from Zaragoza arrived",
            "twice and was counted once.",
        ),
    ),
    (
        "Who to ask",
        "The people behind each step",
        (
            "Replay tool: Leila Haddad",
            "Brokers: Jun-ho Park",
            "Consumers: Priya Raghunathan",
            "Gateways: Tomasz Wiśniewski",
        ),
    ),
)


def report() -> bytes:
    """A PDF."""
    pages = [_page(number, *words) for number, words in enumerate(REPORT, start=1)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=100, quality=85)
    return out.getvalue()


def _page(number: int, title: str, lead: str, lines: Sequence[str]) -> Image.Image:
    page = Image.new("RGB", _PAGE, _PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle((_MARGIN, 92, _MARGIN + 64, 98), fill=_LINE)
    pen.text((_MARGIN, 116), title, _INK, ImageFont.load_default(40))
    pen.text((_MARGIN, 176), lead, _FAINT, ImageFont.load_default(22))
    for place, line in enumerate(lines):
        pen.text((_MARGIN, 248 + 40 * place), line, _INK, ImageFont.load_default(24))
    pen.text((_PAGE[0] - _MARGIN, _PAGE[1] - 70), str(number), _FAINT, ImageFont.load_default(18), anchor="rs")
    return page


def temperatures() -> bytes:
    """A PNG: how warm a broker got in one night."""
    degrees = (41, 41, 42, 42, 44, 49, 55, 60, 61, 58, 52, 47, 44, 43, 42, 42)
    chart = Image.new("RGB", (1200, 640), "#f3f7f5")
    pen = ImageDraw.Draw(chart)
    for place, mark in enumerate(range(40, 66, 5)):
        height = 560 - place * 96
        pen.line((90, height, 1160, height), fill="#d5dedb", width=2)
        pen.text((74, height), f"{mark} °C", _FAINT, ImageFont.load_default(22), anchor="rm")
    points = [(100 + number * 70, 560 - (degree - 40) * 19.2) for number, degree in enumerate(degrees)]
    pen.line(points, fill=_LINE, width=7, joint="curve")
    warmest = max(points, key=lambda point: -point[1])
    pen.ellipse((warmest[0] - 13, warmest[1] - 13, warmest[0] + 13, warmest[1] + 13), fill=_WARM)
    for number, hour in ((0, "22:00"), (5, "00:30"), (10, "03:00"), (15, "05:30")):
        pen.text((100 + number * 70, 600), hour, _FAINT, ImageFont.load_default(22), anchor="mm")
    out = io.BytesIO()
    chart.save(out, "PNG", optimize=True)
    return out.getvalue()
