"""Evidence as lines for reading and as JSON; every string made safe for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .showing import safe

if TYPE_CHECKING:
    from ...graph.evidence import Copy, Evidence, Item, Span
    from ...graph.snapshot import Snapshot

_Copies = Mapping[str, "Copy"]
_WIDTH = 13
_NO_TEXT = "the graph keeps no text: give your own list of papers with --text FILE"


def as_json(evidence: Evidence, copies: _Copies | None, snapshot: Snapshot) -> str:
    """One JSON object; spans have ``quote`` where there is a text to quote from."""
    content = {
        "snapshot": snapshot.id,
        "built": snapshot.created,
        "derived": evidence.derived,
        "items": [_item(item, copies) for item in evidence.items],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _item(item: Item, copies: _Copies | None) -> dict[str, Any]:
    content = asdict(item)
    content["facts"] = [{"name": name, "value": value} for name, value in item.facts]
    copy = copies.get(item.paper.key) if copies is not None else None
    if copies is not None:
        content["copy"] = None if copy is None else {"same": copy.same, "sha256": copy.sha256}
    if copy is not None:
        for span, shown in zip(item.mentions, content["mentions"], strict=True):
            shown["quote"] = _quote(copy, span)
        if item.place is not None:
            content["place"]["quote"] = _quote(copy, item.place)
    return content


def _quote(copy: Copy, span: Span) -> dict[str, Any]:
    from ...graph.evidence import quote

    return asdict(quote(copy, span))


def lines(
    evidence: Evidence, copies: _Copies | None, snapshot: Snapshot, file: str
) -> Iterator[str]:
    """The chain behind each item, from what is stated to where it can be read."""
    if evidence.derived:
        yield _row("derived", evidence.derived)
    for n, item in enumerate(evidence.items):
        if n or evidence.derived:
            yield ""
        yield from _about(item)
        copy = copies.get(item.paper.key) if copies is not None else None
        if item.place is not None:
            yield from _span("stands at", item.place, copy)
        for span in item.mentions:
            yield from _span("mention", span, copy)
        if item.maker is not None:
            maker = item.maker
            digest = f", SHA-256 {maker.model_sha256}" if maker.model_sha256 else ""
            yield _row("found by", f"{maker.program} {maker.version}, model {maker.model}{digest}")
        yield _row("graph", f"snapshot {snapshot.id}, built {snapshot.created}")
        yield _row("paper", f"{item.paper.title} ({item.paper.key})")
        yield _row("source", item.paper.address or "no address is known")
        yield _row("text", _text(item, copy, asked=copies is not None, file=file))


def _about(item: Item) -> Iterator[str]:
    yield _row("statement" if item.kind == "claim" else item.kind, _title(item))
    yield _row("IRI", item.iri)
    for name, value in item.facts:
        yield _row(name, value)
    yield _row("confidence", item.confidence or "none")
    yield _row("review", _review(item))


def _title(item: Item) -> str:
    if item.kind == "mention" and item.place is not None:
        return f"“{item.place.words}”, {', '.join(item.place.names) or 'of nothing in the graph'}"
    if item.kind == "size":
        return f"{item.shown} {dict(item.facts).get('value', '')}".rstrip()
    if item.kind == "result":
        facts = dict(item.facts)
        names = ("model", "method", "measured data set", "metric", "value", "data set")
        return ", ".join(facts[name] for name in names if name in facts) or "a figure"
    return item.shown


def _review(item: Item) -> str:
    review = item.review
    if review.status == "auto":
        return "auto: nobody has looked at it"
    by = f" by {review.reviewer}, {review.date}" if review.reviewer else ""
    comment = f": {review.comment}" if review.comment else ""
    revises = f" (in place of {review.revises})" if review.revises else ""
    return f"{review.status}{by}{comment}{revises}"


def _span(name: str, span: Span, copy: Copy | None) -> Iterator[str]:
    from ...graph.evidence import quote

    words = f"“{span.words}”" if span.words else ""
    names = f", {', '.join(span.names)}" if span.names else ""
    sure = f", confidence {span.confidence}" if span.confidence and name == "mention" else ""
    yield _row(name, f"{span.start}–{span.end} {words}{names}{sure}")
    if copy is None:
        return
    found = quote(copy, span)
    if found.how == "not found":
        yield _row("", "its words are not in your copy")
        return
    before, words = found.sentence[: found.start], found.sentence[found.start : found.end]
    mark = "" if copy.same else "found by its words: "
    yield _row("", f"{mark}{before}[{words}]{found.sentence[found.end :]}")


def _text(item: Item, copy: Copy | None, *, asked: bool, file: str) -> str:
    told = f"SHA-256 {item.paper.text_sha256}, {item.paper.text_length} characters; "
    if not asked:
        return told + _NO_TEXT
    if copy is None:
        return f"{told}{file} has no paper {item.paper.key}, so no sentence is shown"
    if copy.same:
        return f"{told}your copy is this text"
    return (
        f"{told}your copy is another text (SHA-256 {copy.sha256}), so places do not fit and words "
        "were searched in it"
    )


def _row(name: str, value: str) -> str:
    return safe(f"{name:<{_WIDTH}}{value}".rstrip().replace("\n", " "))
