"""Nobody learns from a picture where, when and with what it was taken."""

import io

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from intranet.files.pictures import NotAPicture, read_picture
from tests.cast import Cast
from tests.fixtures import AsViewer

SECRET = b"where I live"


def notes(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x0112], found[0x010E] = orientation, SECRET.decode()
    found.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 0.0), 3: "E", 4: (11.0, 34.0, 0.0)})
    return found


def saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((64, 48)).save(out, kind, **options)
    return out.getvalue()


def animated(kind: str, **options: object) -> bytes:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("teal", "red", "gold")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=80, loop=0, **options)
    return out.getvalue()


def test_the_original_of_a_photo_is_served_upright_and_without_its_place(cast: Cast, as_viewer: AsViewer) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = saved("JPEG", exif=notes(6), comment=SECRET, icc_profile=profile)
    assert SECRET in photo
    alice = as_viewer(cast.alice)
    answer = alice.post("/files", data={"file": (io.BytesIO(photo), "photo.jpg")}, headers={"X-Fragment": "1"})
    assert answer.json is not None
    assert (answer.json["width"], answer.json["height"]) == (48, 64)
    with alice.get(answer.json["url"]) as original:
        assert answer.json["size"] == len(original.data)
        assert SECRET not in original.data
        shown = Image.open(io.BytesIO(original.data))
        assert (shown.format, shown.size, shown.info["icc_profile"]) == ("JPEG", (48, 64), profile)
        assert not shown.getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 8])
def test_other_pictures_lose_their_notes_and_keep_their_pixels(kind: str, orientation: int) -> None:
    text = PngInfo()
    text.add_text("Comment", SECRET.decode())
    options = {"pnginfo": text} if kind == "PNG" else {"xmp": SECRET, "lossless": True}
    data = saved(kind, exif=notes(orientation), **options)
    assert SECRET in data
    picture = read_picture(data)
    assert SECRET not in picture.original
    shown = Image.open(io.BytesIO(picture.original))
    assert shown.size == (picture.width, picture.height) == ((64, 48) if orientation == 1 else (48, 64))
    assert not shown.getexif()
    if orientation == 1:
        assert shown.convert("RGB").tobytes() == Image.open(io.BytesIO(data)).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("kind", "options"), [("GIF", {"comment": SECRET}), ("WEBP", {"exif": notes()}), ("PNG", {"exif": notes()})]
)
def test_an_animation_loses_its_notes_and_no_frame(kind: str, options: dict[str, object]) -> None:
    data = animated(kind, **options)
    assert SECRET in data
    original = read_picture(data).original
    assert SECRET not in original
    shown = Image.open(io.BytesIO(original))
    assert (getattr(shown, "n_frames", 1), shown.info["loop"]) == (3, 0)
    shown.seek(2)
    assert shown.convert("RGB").getpixel((5, 5)) == pytest.approx((255, 215, 0), abs=4)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_without_notes_keeps_its_bytes(kind: str) -> None:
    data = saved(kind)
    assert read_picture(data).original == data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_is_hidden_behind_a_picture_is_left_behind(kind: str) -> None:
    assert SECRET not in read_picture(saved(kind) + SECRET).original


def test_a_photo_with_a_second_picture_behind_it_is_a_photo() -> None:
    out = io.BytesIO()
    first, second = Image.new("RGB", (20, 10), "teal"), Image.new("RGB", (20, 10), "red")
    first.save(out, "MPO", save_all=True, append_images=[second])
    picture = read_picture(out.getvalue())
    assert picture.media_type == "image/jpeg"
    assert Image.open(io.BytesIO(picture.original)).format == "JPEG"


def test_a_cut_off_animation_is_taken_or_refused_and_breaks_nothing() -> None:
    data = animated("GIF", comment=SECRET)
    for end in range(len(data)):
        try:
            assert SECRET not in read_picture(data[:end]).original
        except NotAPicture:
            continue
