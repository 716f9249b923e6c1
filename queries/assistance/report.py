"""What was found out about a query, as JSON and as text."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final

from .drawing import draw
from .explaining import Explanation, count_rows
from .findings import Finding
from .mermaid import mermaid
from .picture import svg
from .syntax import Span, View

_LONGEST: Final = 200


class Places:
    """Lines and columns of a text, which count from 1; columns count code points."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Where an offset is."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, span: Span | tuple[int, int]) -> dict[str, Any]:
        """A part of the text as JSON: offsets, lines and columns, ends exclusive, and its text."""
        start, end = (span.start, span.end) if isinstance(span, Span) else span
        line, column = self.line_and_column(start)
        end_line, end_column = self.line_and_column(end)
        text = self._text[start:end]
        return {
            "start": start,
            "end": end,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "text": text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…",
        }


def report(
    view: View,
    findings: tuple[Finding, ...],
    explanation: Explanation | None = None,
    *,
    picture: bool = False,
) -> dict[str, Any]:
    """All of it as JSON; the form is described in ``api/README.md``."""
    places = Places(view.text)
    return {
        "form": view.query.form if view.query is not None else None,
        "understood": view.fault is None,
        "not_understood": places.place(view.fault) if view.fault is not None else None,
        "findings": [_finding(each, places) for each in findings],
        "empty": _explanation(explanation, places) if explanation is not None else None,
        "picture": _picture(view, explanation) if picture else None,
    }


def _finding(finding: Finding, places: Places) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "level": finding.level,
        "message": finding.message,
        "place": places.place(finding),
        "fixes": [
            {"label": fix.label, "text": fix.text, "place": places.place((fix.start, fix.end))}
            for fix in finding.fixes
        ],
        "page": f"/explain#{finding.kind}",
    }


def _explanation(found: Explanation, places: Places) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "message": found.message,
        "culprit": places.place(found.culprit) if found.culprit is not None else None,
        "before": [places.place(each) for each in found.before],
        "rows": found.rows,
        "core": [places.place(each) for each in found.core],
        "advice": list(found.advice),
        "steps": [{"place": places.place(each), "rows": each.rows} for each in found.steps],
        "inner": [_explanation(each, places) for each in found.inner],
        "probes": found.probes,
    }


def _picture(view: View, found: Explanation | None) -> dict[str, str]:
    drawing = draw(view, found.culprit if found is not None else None)
    return {"svg": svg(drawing), "mermaid": mermaid(drawing), "text": drawing.words()}


def findings_text(view: View, findings: tuple[Finding, ...]) -> str:
    """Findings for a terminal: each with its line, a mark below its place, and what to do."""
    places = Places(view.text)
    lines = view.text.split("\n")
    parts = []
    for each in findings:
        line, column = places.line_and_column(each.start)
        parts.append(f"{line}:{column}: {each.level}: {each.message} [{each.kind}]")
        parts += _marked(lines[line - 1], column, each.end - each.start)
    return "\n".join(parts)


def explanation_text(view: View, found: Explanation, indent: str = "") -> str:
    """An explanation for a terminal."""
    places = Places(view.text)
    parts = [f"{indent}{found.message[:1].upper()}{found.message[1:]}."]
    if found.culprit is not None:
        line, column = places.line_and_column(found.culprit.start)
        shown = view.text.split("\n")[line - 1]
        length = found.culprit.end - found.culprit.start
        parts[0] = f"{indent}Line {line}, column {column}: {parts[0].lstrip()}"
        parts += [f"{indent}{each}" for each in _marked(shown, column, length)]
    parts += [f"{indent}- {each[:1].upper()}{each[1:]}." for each in found.advice]
    if found.core and len(found.core) < len(found.before):
        parts.append(f"{indent}It cannot be met together with:")
        parts += [f"{indent}  {_brief(view, each)}" for each in found.core]
    counted = [each for each in found.steps if each.rows is not None]
    if len(counted) > 1:
        parts.append(f"{indent}Put together one by one:")
        for each in counted:
            rows = count_rows(each.rows) if each.rows else "no row"
            parts.append(f"{indent}  {rows:>18}  {_brief(view, each)}")
    for inner in found.inner:
        parts.append(explanation_text(view, inner, indent + "  "))
    return "\n".join(parts)


def _brief(view: View, span: Span) -> str:
    text = " ".join(view.slice(span).split())
    return text if len(text) <= 100 else f"{text[:99]}…"


def _marked(line: str, column: int, length: int) -> list[str]:
    width = max(1, min(length, len(line) - column + 1))
    # Tabs stay, so that the mark stands below its place.
    gap = "".join("\t" if each == "\t" else " " for each in line[: column - 1])
    return [f"  {line}", f"  {gap}{'^' * width}"]
