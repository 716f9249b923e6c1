"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..errors import CorpusError
from .fields import Raw
from .files import CorpusFile, Report, bad_byte


def read_jsonl(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield the object of each line; blank lines are passed over.

    Raises:
        CorpusError: the file is one JSON array, whose records are not lines.
    """
    for number, line in file.lines(report):
        if not line.strip():
            continue
        if fault := bad_byte(line):
            report(number, fault)
            continue
        try:
            # Control characters in a string are removed with those of any other text.
            value = json.loads(line.rstrip("\r\n"), strict=False)
        except (ValueError, RecursionError) as error:
            if line.lstrip().startswith("[") and number == 1:
                raise CorpusError(file.path, _ARRAY) from error
            report(number, json_fault(error))
        else:
            if isinstance(value, dict):
                yield Raw(number, value)
            elif isinstance(value, list) and number == 1:
                raise CorpusError(file.path, _ARRAY)
            else:
                report(number, "not a JSON object")


def json_fault(error: ValueError | RecursionError, start: int = 0) -> str:
    """Say what the json module found wrong with the text from ``start`` on."""
    if isinstance(error, RecursionError):
        return "broken JSON: nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        fault = error.msg.removesuffix(" at")
        return f"broken JSON: {fault} at character {error.pos - start + 1}"
    return "broken JSON: a number with too many digits"


_ARRAY = "holds a JSON array; write one object a line (jq -c '.[]')"
