"""The reviewed list of names that mean the same though no rule can tell."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeAlias

from ..extract.records import LABELS, Label
from .errors import AliasError
from .names import fold

_HEADER = "label\talias\tcanonical"
# Label and folded alias to canonical name.
Aliases: TypeAlias = Mapping[tuple[Label, str], str]


def read_aliases(path: Path) -> Aliases:
    """Read a tab-separated list with the columns label, alias and canonical.

    Raises:
        AliasError: a line is malformed, repeats another, gives one alias two canonical names, or
            names as canonical what another line calls an alias.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != _HEADER:
        raise AliasError(path.name, 1, f"the header must be {_HEADER!r}")
    aliases: dict[tuple[Label, str], str] = {}
    placed: dict[tuple[Label, str], int] = {}
    for number, line in enumerate(lines[1:], 2):
        label, alias, canonical = _fields(path.name, number, line)
        key = (label, fold(alias))
        if key in aliases:
            raise AliasError(path.name, number, f"{label} {alias!r} is in line {placed[key]} too")
        if key[1] == fold(canonical):
            raise AliasError(path.name, number, f"{alias!r} is {canonical!r} without this line")
        aliases[key] = canonical
        placed[key] = number
    for (label, _), canonical in aliases.items():
        if line_of := placed.get((label, fold(canonical))):
            raise AliasError(path.name, line_of, f"{canonical!r} is a canonical name elsewhere")
    return aliases


def shipped_aliases() -> Aliases:
    """Read the list that comes with the package."""
    with as_file(files(__package__).joinpath("aliases.tsv")) as path:
        return read_aliases(path)


def _fields(file: str, number: int, line: str) -> tuple[Label, str, str]:
    fields = line.split("\t")
    if len(fields) != 3 or not all(field.strip() for field in fields):
        raise AliasError(file, number, "wanted are three fields: label, alias, canonical")
    written, alias, canonical = fields
    for label in LABELS:
        if label == written:
            return label, alias, canonical
    raise AliasError(file, number, f"{written!r} is no label; wanted is one of {LABELS}")
