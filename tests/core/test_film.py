"""Films are what was painted, last as long as they should, and are there whole or not at all."""

import resource
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from core.film import KINDS, write_film
from core.problems import FileUnreadable, ProblemError

HIGH, WIDE = 48, 64
NAMES = {"gif": "film.gif", "mp4": "film.mp4", "png": "film"}


def frames(count: int) -> list[np.ndarray]:
    """A grey ground on which a square of eight by eight walks on by four pixels a frame."""
    made = []
    for number in range(count):
        frame = np.full((HIGH, WIDE, 3), 200, np.uint8)
        frame[8:16, 4 * number : 4 * number + 8] = (20 * number, 30, 220)
        made.append(frame)
    return made


def gif(path) -> tuple[list[np.ndarray], list[int]]:
    """Its frames, and how many milliseconds each stays."""
    shown, stays = [], []
    with Image.open(path) as film:
        for number in range(film.n_frames):
            film.seek(number)
            shown.append(np.asarray(film.convert("RGB")))
            stays.append(film.info["duration"])
    return shown, stays


def test_a_gif_of_few_colours_is_exact(tmp_path) -> None:
    shown, _ = gif(write_film(tmp_path / "film.gif", "gif", frames(6), 10))
    np.testing.assert_array_equal(shown, frames(6))


def test_frames_that_are_equal_are_kept_apart(tmp_path) -> None:
    still = [frames(1)[0]] * 4
    shown, stays = gif(write_film(tmp_path / "film.gif", "gif", still, 10))
    np.testing.assert_array_equal(shown, still)
    assert stays == [100] * 4


def test_a_gif_lasts_as_long_as_its_frames(tmp_path) -> None:
    # 30 a second: frames end at 3.33, 6.67, 10 hundredths, rounded 3, 7, 10.
    _, stays = gif(write_film(tmp_path / "film.gif", "gif", frames(6), 30))
    assert stays == [30, 40, 30, 30, 40, 30]


def test_many_colours_become_near_ones(tmp_path) -> None:
    x, y = np.meshgrid(np.arange(WIDE), np.arange(HIGH))
    smooth = np.stack([4 * x, 5 * y, 2 * (x + y)], axis=2).astype(np.uint8)
    shown, _ = gif(write_film(tmp_path / "film.gif", "gif", [smooth], 10))
    assert np.abs(shown[0].astype(int) - smooth).mean() < 8


def test_an_mp4_has_each_frame_at_its_time(tmp_path) -> None:
    path = write_film(tmp_path / "film.mp4", "mp4", frames(6), 12)
    with av.open(str(path)) as film:
        decoded = list(film.decode(video=0))
    assert [frame.pts * frame.time_base for frame in decoded] == [
        Fraction(number, 12) for number in range(6)
    ]
    for frame, painted in zip(decoded, frames(6), strict=True):
        away = np.abs(frame.to_ndarray(format="rgb24").astype(int) - painted)
        assert away.mean() < 4


def test_png_frames_are_exact_and_in_order(tmp_path) -> None:
    folder = write_film(tmp_path / "film", "png", frames(11), 10)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "frame-000001.png"
    assert names[-1] == "frame-000011.png"
    shown = [np.asarray(Image.open(folder / name)) for name in names]
    np.testing.assert_array_equal(shown, frames(11))


def test_an_empty_folder_may_be_taken(tmp_path) -> None:
    (tmp_path / "film").mkdir()
    write_film(tmp_path / "film", "png", frames(2), 10)
    assert len(list((tmp_path / "film").iterdir())) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_what_frames_raise_leaves_what_was(tmp_path, kind) -> None:
    def broken():
        yield from frames(3)
        raise KeyboardInterrupt

    before = tmp_path / "film.gif"
    before.write_bytes(b"before")
    path = tmp_path / NAMES[kind]
    with pytest.raises(KeyboardInterrupt):
        write_film(path, kind, broken(), 10)
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_bytes() == b"before"


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_told_and_nothing_is_left(tmp_path, kind) -> None:
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 256, (HIGH, WIDE, 3), np.uint8) for _ in range(40)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(ProblemError) as caught:
            write_film(tmp_path / NAMES[kind], kind, noise, 10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.problem == FileUnreadable(str(tmp_path / NAMES[kind]), "File too large")
    assert list(tmp_path.iterdir()) == []


def test_a_film_has_a_frame() -> None:
    with pytest.raises(ValueError, match="one frame or more"):
        write_film(None, "gif", [], 10)
