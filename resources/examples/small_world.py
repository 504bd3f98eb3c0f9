"""The grammar of the small world: sentences in which the words of a group are interchangeable.

Words of one group stand between the same neighbours, and those of another group between others. So
a table trained on neighbours has to gather each group, and a person can see that it does.
`python -m resources.examples.small_world` writes `small_world.txt` anew.
"""

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

SEED = 2024
EACH = 9

GROUPS: dict[str, tuple[str, ...]] = {
    "animals": ("cat", "dog", "fox", "rabbit", "horse", "bear"),
    "foods": ("bread", "soup", "rice", "cheese", "pasta", "salad"),
    "vehicles": ("car", "bus", "truck", "van", "taxi", "tractor"),
    "cities": ("paris", "rome", "seoul", "cairo", "lima", "oslo"),
    "colours": ("red", "blue", "green", "yellow", "purple", "white"),
}

FRAMES: dict[str, tuple[str, ...]] = {
    "animals": (
        "a hungry {} chased its own tail",
        "the sleepy {} licked its soft fur",
        "that wild {} chased a hungry {}",
        "a sleepy {} and a wild {} slept",
        "the hungry {} licked its muddy paws",
    ),
    "foods": (
        "we cooked fresh {} for dinner",
        "she ate warm {} for lunch",
        "we tasted fresh {} with warm {}",
        "she cooked some {} with salt",
        "we ate some {} for dinner",
    ),
    "vehicles": (
        "he parked his old {} near the garage",
        "his fast {} stopped near the bridge",
        "he drove his {} down the road",
        "an old {} passed his fast {}",
        "he drove an old {} near the bridge",
    ),
    "cities": (
        "they flew to {} last summer",
        "they moved from {} to {} last year",
        "my friends live in {} this spring",
        "night trains leave from {} to {}",
        "they travel to {} in spring",
    ),
    "colours": (
        "paint this wall bright {} or pale {}",
        "this flower looks pale {} today",
        "choose dark {} or bright {} curtains",
        "this curtain looks dark {} today",
        "paint every door bright {} please",
    ),
}


def sentences() -> list[str]:
    """The sentences, always the same: each frame filled `EACH` times with words of its group."""
    chance = random.Random(SEED)
    made = []
    for group, frames in FRAMES.items():
        for frame in frames:
            dealt = _deal(GROUPS[group], chance)
            slots = frame.count("{}")
            made += [frame.format(*islice(dealt, slots)) for _ in range(EACH)]
    chance.shuffle(made)
    return made


def _deal(words: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """`words` over and over, shuffled each time: all come equally often.

    Their number is even, so that the two of a sentence are never the same.
    """
    while True:
        yield from chance.sample(words, len(words))


def write(path: Path) -> None:
    """Write the sentences to `path`, one a line."""
    path.write_text("\n".join(sentences()) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(__file__).with_name("small_world.txt"))
