"""JSON as Python's objects."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from queries.intake.limits import thousands
from queries.intake.plain_text import PlainText
from queries.intake.reading import Finding, Refused

# Characters. Of a fetch from Kolada, Python's objects take three times the room of the text; of JSON made to fill memory
# twenty times, and the limit of the process stops that.
LARGEST = 200_000_000
# A half of a character that has two parts cannot be written anywhere.
HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def document_of_json(text: PlainText) -> Any:
    """The parsed document. Raises Refused for what is cut off, no JSON, too large, or holds numbers that are none."""
    content = "".join(text.lines())
    if len(content) > LARGEST:
        sentence = f"JSON-filen har fler än {thousands(LARGEST)} tecken. Dela upp den, eller ladda upp CSV."
        raise Refused(Finding("error", "file_too_large", sentence))
    try:
        document = json.loads(content, parse_constant=_refuse_constant)
        if HALF_CHARACTER.search(content):
            json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(content.rstrip()) or error.msg.startswith("Unterminated")
        fault = "är avklippt" if is_cut else "går inte att tolka"
        sentence = f"JSON-filen {fault} vid tecken {thousands(error.colno)} på raden. Hämta den på nytt."
        raise Refused(Finding("error", "damaged", sentence, line=error.lineno)) from error
    except (RecursionError, ValueError) as error:
        sentence = "JSON-filen är inte uppbyggd som någon känd export: för många nivåer, för långa tal eller ogiltiga tecken."
        raise Refused(Finding("error", "damaged", sentence)) from error
    return document


def _refuse_constant(constant: str) -> NoReturn:
    sentence = f"JSON-filen innehåller {constant}, som inte är ett tal. Ett värde som saknas skrivs null."
    raise Refused(Finding("error", "not_a_number", sentence, found=constant))
