"""The application's own type, Public Sans, as files that print and pictures can use, with DejaVu Sans for its shapes.

Both come with what is installed anyway, so a report looks the same on every machine.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock

import matplotlib
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from matplotlib import font_manager

PACKED = Path(__file__).parents[2] / "static" / "public-sans-latin.woff2"
FAMILY, SHAPES = "Public Sans", "DejaVu Sans"
REPLACEMENT = "\ufffd"
NAME_OF_FAMILY, NAME_IN_FULL, NAME_IN_FILES = 1, 4, 6


# Two reports may be asked for at once, and each font is made only once.
MAKING = RLock()


def folder() -> Path:
    """Where the fonts for print are: Public Sans in all weights, DejaVu Sans in two."""
    with MAKING:
        return _printing()


def families() -> tuple[str, ...]:
    """The families for pictures, best first."""
    with MAKING:
        return _drawing()


def drawable(text: str) -> str:
    """The text with a sign that says so in place of each character that the fonts do not have."""
    with MAKING:
        had = _characters()
    return "".join(letter if ord(letter) in had else REPLACEMENT for letter in text)


@cache
def _kept() -> TemporaryDirectory[str]:
    """A folder of this process with print/ and pictures/; it goes when the process does."""
    kept = TemporaryDirectory(prefix="typsnitt-")
    for name in ("print", "pictures"):
        (Path(kept.name) / name).mkdir()
    return kept


@cache
def _printing() -> Path:
    made = Path(_kept().name) / "print"
    font = TTFont(PACKED)
    font.flavor = None
    font.save(made / "public-sans.ttf")
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        shutil.copy(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, made)
    return made


@cache
def _drawing() -> tuple[str, ...]:
    # Matplotlib needs a font of one weight, so one is cut out.
    font = instantiateVariableFont(TTFont(PACKED), {"wght": 400})
    font.flavor = None
    for name_id in (NAME_OF_FAMILY, NAME_IN_FULL, NAME_IN_FILES):
        font["name"].setName(FAMILY, name_id, 3, 1, 0x409)
    cut = Path(_kept().name) / "pictures" / "public-sans-400.ttf"
    font.save(cut)
    font_manager.fontManager.addfont(cut)
    return FAMILY, SHAPES


@cache
def _characters() -> frozenset[int]:
    found: set[int] = set()
    for path in _printing().iterdir():
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
