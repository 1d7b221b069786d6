"""A file packed with gzip, such as a fetch from Kolada: unpacked beside it, within the limits for packed files."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from queries.intake.limits import MEGABYTE, ReadingLimits
from queries.intake.packages import PIECE, SMALL
from queries.intake.reading import Finding, Refused

MARK = b"\x1f\x8b"


@contextmanager
def unpacked(path: Path, limits: ReadingLimits) -> Iterator[Path]:
    """The content as a file of its own, for as long as it is needed.

    The size that a gzip file states is the writer's word, so what comes out is counted. Raises Refused for too much of
    it, and for a file that is damaged or cut off.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        content = Path(folder) / "content"
        try:
            _unpack(path, content, limits)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            sentence = "Filen är packad med gzip men skadad eller avklippt. Hämta den på nytt."
            raise Refused(Finding("error", "damaged", sentence)) from error
        yield content


def _unpack(path: Path, content: Path, limits: ReadingLimits) -> None:
    packed, size = path.stat().st_size, 0
    with gzip.open(path) as source, content.open("xb") as target:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > limits.unpacked_mb * MEGABYTE:
                sentence = f"Filen blir större än {limits.unpacked_mb} MB uppackad. Dela upp den."
                raise Refused(Finding("error", "unpacked_too_large", sentence))
            if size > SMALL and size > limits.packing_ratio * packed:
                sentence = (
                    f"Filen är packad mer än {limits.packing_ratio} gånger, vilket inga vanliga tabeller är. "
                    "Packa upp den och ladda upp filen som ligger i den."
                )
                raise Refused(Finding("error", "packed_too_hard", sentence))
            target.write(piece)
