"""What must hold within a record before it is mapped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..extract.records import Record
from .errors import RecordInvalid

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def checked(record: Record) -> Record:
    """Return the record as it is.

    Raises:
        RecordInvalid: it contradicts itself; the first fault is named.
    """
    for fault in faults(record):
        raise RecordInvalid(record.key, fault)
    return record


def faults(record: Record) -> Iterator[str]:
    """Yield what is wrong with a record."""
    if not record.title.strip():
        yield "it has no title"
    if not _SHA256.fullmatch(record.text_sha256):
        yield f"text_sha256 {record.text_sha256!r} is not 64 hexadecimal digits"
    labels = {entity.id: entity.label for entity in record.entities}
    if len(labels) != len(record.entities):
        yield "two entities have one id"
    for entity in record.entities:
        if not entity.canonical.strip():
            yield f"entity {entity.id!r} has no name"
    for each in record.mentions:
        where = f"mention {each.text[:40]!r} at {each.start}-{each.end}"
        if each.entity not in labels:
            yield f"{where} is of entity {each.entity!r}, which the record has not"
        elif labels[each.entity] != each.label:
            yield f"{where} is a {each.label}, its entity a {labels[each.entity]}"
        if not each.start < each.end <= record.text_length:
            yield f"{where} is outside the text of {record.text_length} characters"
        if len(each.text) != each.end - each.start:
            yield f"{where} has {len(each.text)} characters"
    for result in record.results:
        if not result.start < result.end <= record.text_length:
            yield (
                f"result {result.value!r} at {result.start}-{result.end} is outside the text"
                f" of {record.text_length} characters"
            )
    for size in record.sizes:
        if not size.start < size.end <= record.text_length:
            yield (
                f"size {size.value!r} at {size.start}-{size.end} is outside the text"
                f" of {record.text_length} characters"
            )
        if not size.of.strip() or not size.value.strip():
            yield f"size {size.value!r} at {size.start}-{size.end} counts nothing"
