"""How the columns of a kind of table were explained, remembered for the next file with the same headings.

One small file a kind, in the folder mappings beside the published versions. The years that headings are about do not
matter: what was said of "Slutdatum 2024" holds for "Slutdatum 2025".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from queries import durable
from queries.intake.plans.headings import FIELDS, normal_heading


def remembered(folder: Path, headings: Sequence[str]) -> dict[str, str] | None:
    """Heading → field as an analyst explained a table with these headings, '' for a column not read; None where
    nobody has.

    folder is that of the published versions. A file that cannot be read, or that tells of fields no longer known, is
    as none: the analyst is asked again.
    """
    try:
        content = json.loads(_path(folder, headings).read_text(encoding="utf-8"))
        columns = [content["columns"][name] for name in _names(headings)]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not all(isinstance(field, str) and field in FIELDS for field in columns):
        return None
    return dict(zip(headings, columns, strict=True))


def remember(folder: Path, headings: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Keep how a table's columns were explained, in one step: whoever reads meanwhile has the old or the new whole.

    mapping: heading → field. Raises OSError when the folder cannot be written to.
    """
    path = _path(folder, headings)
    columns = {
        name: mapping.get(heading, "") for name, heading in zip(_names(headings), headings, strict=True)
    }
    durable.make_folder(path.parent)
    with durable.unfinished(path.parent) as new:
        new.write_text(json.dumps({"columns": columns}, ensure_ascii=False, indent=1), encoding="utf-8")
        durable.move(new, path)


def _names(headings: Sequence[str]) -> list[str]:
    """Headings without their years; those that are then alike are numbered in their order."""
    normal = [normal_heading(heading) for heading in headings]
    return [f"{name} {normal[: place + 1].count(name)}" for place, name in enumerate(normal)]


def _path(folder: Path, headings: Sequence[str]) -> Path:
    signature = hashlib.sha256("\n".join(sorted(_names(headings))).encode()).hexdigest()[:16]
    return folder / "mappings" / f"{signature}.json"
