"""The pretrained encoder: which files, and that they are these."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..errors import MaterialError
from ..texts import sha256

# all-MiniLM-L6-v2, Apache-2.0; Wang et al. (2020), "MiniLM".
DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


class Pretrained(NamedTuple):
    """Files of the encoder."""

    model: Path
    tokenizer: Path


def pretrained(folder: Path, digests: dict[str, str] = DIGESTS) -> Pretrained:
    """Find the files in a folder and check what they hold.

    Raises:
        MaterialError: a file is missing or has another digest than expected.
    """
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file():
            raise MaterialError(path, "not there; README.md says where the encoder comes from")
        if sha256(path) != digest:
            raise MaterialError(path, f"not the file expected, whose SHA-256 is {digest}")
    return Pretrained(*(folder / name for name in digests))
