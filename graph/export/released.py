"""What is asked of a release that was written before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from ..errors import ReleaseUnusable

# A release names its version here, in the form that registries read.
DATACITE_FILE: Final = "datacite.json"


def released_version(folder: Path) -> str:
    """Version of the release in a folder.

    Raises:
        ReleaseUnusable: the folder holds none.
    """
    try:
        content = json.loads((folder / DATACITE_FILE).read_text(encoding="utf-8"))
        return str(content["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        fault = f"its version cannot be read from {DATACITE_FILE} ({error})"
        raise ReleaseUnusable(folder, fault) from error
