"""Pictures of a post and what is said of them: given by one, walked through by keyboard by the other."""

import io

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SAID = {"tank.png": "A teal tank", "valve.png": "The valve, from above", "leak.png": "A leak, and a cup below"}


def pictures() -> list[FilePayload]:
    files: list[FilePayload] = []
    for name, colour in zip(SAID, ("teal", "gold", "navy"), strict=True):
        out = io.BytesIO()
        Image.new("RGB", (640, 400), colour).save(out, "PNG")
        files.append({"name": name, "mimeType": "image/png", "buffer": out.getvalue()})
    return files


def publish(page: Page, text: str) -> None:
    page.set_input_files("#composer [data-files]", pictures())
    for name, words in SAID.items():
        page.get_by_label(f"Describe {name}").fill(words)
    page.fill("#composer textarea", text)
    page.click("#composer button[type=submit]:has-text('Post')")


def test_bob_walks_through_alices_pictures_by_keyboard(opened: Open) -> None:
    alice, bob = opened("alice"), opened("bob")
    publish(alice, "Three views of the boiler room")
    bob.locator("[data-new-posts]").click()
    post = bob.locator(".post[data-item]", has_text="Three views")
    for words in SAID.values():
        expect(post.get_by_role("img", name=words)).to_be_visible()
    post.get_by_role("link", name="The valve, from above").press("Enter")
    box = bob.get_by_role("dialog", name="Pictures")
    large = box.get_by_role("img")

    def shows(place: int) -> None:
        words = list(SAID.values())[place]
        expect(large).to_have_accessible_name(words)
        expect(box.locator("figcaption")).to_have_text(f"{place + 1} / 3 · {words}")
        expect(large).to_have_js_property("naturalWidth", 640)

    shows(1)
    for key, place in (("ArrowRight", 2), ("ArrowRight", 0), ("ArrowLeft", 2), ("Home", 0), ("End", 2)):
        bob.keyboard.press(key)
        shows(place)
    focused = "document.activeElement.closest('dialog') !== null"
    for _step in range(5):  # the focus stays inside, or with the browser's own bar
        bob.keyboard.press("Tab")
        assert bob.evaluate(f"document.activeElement === document.body || {focused}")
    bob.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(post.get_by_role("link", name="A leak, and a cup below")).to_be_focused()


def test_the_pictures_are_walked_through_by_thumb_on_a_phone(opened: Open) -> None:
    alice = opened("alice")
    publish(alice, "Once more for the phone")
    shown = alice.locator(".post[data-item]", has_text="Once more for the phone")
    expect(shown).to_have_count(1)
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True, "is_mobile": True}
    bob = opened("bob", **phone)
    bob.locator(".post[data-item]", has_text="Once more").get_by_role("link", name="A teal tank").tap()
    box = bob.get_by_role("dialog", name="Pictures")
    box.get_by_role("button", name="Next picture").tap()
    expect(box.get_by_role("img")).to_have_accessible_name("The valve, from above")
    for button in box.get_by_role("button").all():
        place = button.bounding_box()
        assert place
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
        assert min(place["width"], place["height"]) >= 44  # a thumb's width
    box.get_by_role("button", name="Close").tap()
    expect(box).to_have_count(0)
