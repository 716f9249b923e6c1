"""Check one answer to an exercise in a process of its own, which may be killed at any time.

What a learner writes is any SPARQL, and a query over three hundred triples can run for years. The
answer comes as JSON on standard input, the verdict leaves as JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from ..queries import QueriesError, Table, Triples, render
from ..queries.course import check, load_course
from .workers.confinement import deny_sockets, limit_cpu, limit_memory

# Rows that a page shows of a learner's answer.
_SHOWN: Final = 100


def main() -> None:
    """Read, check, write."""
    asked = json.load(sys.stdin)
    course = load_course()
    deny_sockets()
    limit_memory(asked["memory"])
    limit_cpu(asked["seconds"])
    json.dump(verdict_of(course.exercise(asked["exercise"]).id, asked["text"]), sys.stdout)


def verdict_of(name: str, text: str) -> dict[str, Any]:
    """A verdict as JSON, with the first rows of the answer."""
    course = load_course()
    verdict = check(course, course.exercise(name), text)
    shown: dict[str, Any] = {"right": verdict.right, "message": verdict.message, "rows": None}
    answer = verdict.answer.table() if isinstance(verdict.answer, Triples) else verdict.answer
    if isinstance(answer, Table):
        first = Table(answer.variables, answer.rows[:_SHOWN])
        try:
            shown["rows"] = json.loads(render(first, "json"))
        except QueriesError:
            # A quoted triple has no place in this format; the verdict stands without the rows.
            shown["rows"] = None
        shown["more"] = max(len(answer.rows) - _SHOWN, 0)
    return shown


if __name__ == "__main__":
    main()
