"""What `fairpapers lint` prints: lines or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...queries import Fault
    from ...queries.linting import Linted


def as_lines(linted: Linted) -> Iterator[str]:
    """A line for each fault."""
    for fault in linted.faults:
        where = f"{fault.path}:{fault.line}"
        yield f"{where}: {_severity(fault)}: {fault.message} [{fault.check}]"


def as_json(linted: Linted) -> str:
    """Everything as one JSON object."""
    content = {
        "files": linted.files,
        "errors": linted.errors,
        "warnings": linted.warnings,
        "faults": [
            {
                "file": str(fault.path),
                "line": fault.line,
                "severity": _severity(fault),
                "check": fault.check,
                "message": fault.message,
            }
            for fault in linted.faults
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _severity(fault: Fault) -> str:
    return "warning" if fault.warning else "error"
