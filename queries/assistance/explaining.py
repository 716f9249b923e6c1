"""Why a query has no rows: which of its parts leaves none of those that the parts before it have.

The parts of a group are put together again one by one, and the rows are counted up to a bound. Join,
OPTIONAL, MINUS and FILTER give no rows where they are given none, so the first part after which the
count is zero is the one to blame. It is looked at more closely: alone, turned round, with a variable
in the place of a term; and of the parts before it those are dropped that do not matter.

What asks is a generator of probes, which knows nothing of stores and processes: who runs it answers
each probe with a number of rows, or with None where there is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Final, Literal

from .blame import Blame
from .probes import Probe, Step, Writer, asks_elsewhere
from .scopes import visible
from .syntax import Filter, Group, Select, Span, View, names

Probing = Generator[Probe, int | None, "Explanation"]
MOST_PROBES: Final = 60
# Rows are counted up to here.
MOST_ROWS: Final = 1000
# Groups with more parts are halved again and again instead of built up one by one.
_MOST_STEPS: Final = 14
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Count(Span):
    """A part of the query, and the rows with it and all parts before; None where not counted."""

    rows: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why there are no rows.

    Attributes:
        outcome: ``found`` a cause, ``rows`` where there are some, ``unknown`` where none was found.
        message: in a sentence.
        culprit: the part after which no row is left.
        before: the parts that stand before it and have rows together.
        rows: how many, at most `MOST_ROWS`.
        core: those of them that cannot be met together with it.
        advice: what was found out about it, and what to do.
        steps: the parts in the order in which they were put together.
        inner: explanations of groups inside of it, such as the branches of a UNION.
        probes: how many questions it took.
    """

    outcome: Literal["found", "rows", "unknown"]
    message: str
    culprit: Span | None = None
    before: tuple[Span, ...] = ()
    rows: int | None = None
    core: tuple[Span, ...] = ()
    advice: tuple[str, ...] = ()
    steps: tuple[Count, ...] = ()
    inner: tuple[Explanation, ...] = ()
    probes: int = 0


def explain_empty(view: View, *, steps: bool = False) -> Probing:
    """Ask why a query has no rows; see the module for how it is run.

    Args:
        view: the query.
        steps: count rows part by part of a query that has rows too, as far as it has few parts.
    """
    explainer = _Explainer(view, steps=steps)
    found = yield from explainer.explain()
    return replace(found, probes=explainer.probes)


def answered(probing: Probing, answer: Callable[[Probe], int | None]) -> Explanation:
    """Run the questions, each answered at once."""
    try:
        probe = next(probing)
        while True:
            probe = probing.send(answer(probe))
    except StopIteration as stop:
        found: Explanation = stop.value
        return found


def count_rows(number: int) -> str:
    """A number of rows in words."""
    if number >= MOST_ROWS:
        return f"{MOST_ROWS:,} rows or more"
    return "1 row" if number == 1 else f"{number:,} rows"


class _Explainer:
    """The questions about one query, with what they have in common."""

    def __init__(self, view: View, *, steps: bool) -> None:
        self._view = view
        self._writer = Writer(view)
        self._steps = steps
        self.probes = 0

    def explain(self) -> Probing:
        """The explanation, with the parts of a query that has rows where these were asked for."""
        found = yield from self._explain()
        query = self._view.query
        if found.outcome != "rows" or not self._steps or query is None or query.where is None:
            return found
        steps = self._writer.steps(query.where)
        if len(steps) > _MOST_STEPS:
            return found
        _, counts = yield from self._build_up(steps, lambda body: body)
        shown = tuple(Count(each.start, each.end, rows) for each, rows in counts)
        return replace(found, steps=shown)

    def _explain(self) -> Probing:
        view, query = self._view, self._view.query
        if query is None or view.fault is not None:
            at = view.fault
            return Explanation("unknown", "the query could not be read to its end", at)
        if query.where is None:
            return Explanation("unknown", "a DESCRIBE without WHERE has no patterns")
        self._dataset: Span | None = query.dataset
        if asks_elsewhere(query.where):
            # Whoever answers the probes may not ask others.
            return (yield from self._group(query.where, lambda body: body, 0))
        whole = yield from self._ask(self._writer.inner_query(query), 1)
        if whole is None:
            return Explanation(
                "unknown", "the query was not answered in time, so it cannot be told what it has"
            )
        if whole and not self._counts_nothing(query):
            if query.form == "DESCRIBE":
                return (yield from self._described(query))
            return (yield from self._template(query))
        rows = yield from self._ask(view.slice(query.where), MOST_ROWS)
        if rows:
            return self._modifiers(query, rows) if not whole else _has_rows()
        if rows is None:
            return Explanation("unknown", "the patterns were not answered in time")
        found = yield from self._from(query)
        if found is None:
            found = yield from self._group(query.where, lambda body: body, 0)
        if whole:
            note = "an aggregate without GROUP BY gives a row even of nothing"
            found = replace(found, advice=(note, *found.advice))
        return found

    def _ask(self, body: str, most: int) -> Generator[Probe, int | None, int | None]:
        """Rows of a group; None where there is no answer, or enough was asked."""
        if self.probes >= MOST_PROBES:
            return None
        self.probes += 1
        return (yield self._writer.count(body, most, self._dataset))

    def _counts_nothing(self, query: Select) -> bool:
        return query.form == "SELECT" and bool(query.calls) and query.modifiers.keys is None

    def _template(self, query: Select) -> Probing:
        """The rows of a CONSTRUCT may bind nothing that its template needs."""
        assert query.where is not None
        where = self._view.slice(query.where)
        needs = [
            sorted({each.text for each in triple.terms if each.kind == "variable"})
            for triple in query.template[:8]
        ]
        if not needs or not all(needs) or len(query.template) > len(needs):
            return _has_rows()
        for variables in needs:
            bound = " && ".join(f"BOUND({each})" for each in variables)
            rows = yield from self._ask(f"{where} FILTER({bound})", 1)
            if rows is None or rows:
                return _has_rows()
        return Explanation(
            "found",
            "the patterns have rows, and none binds all variables of a triple of the template",
            Span(query.head.start, query.head.end),
            advice=("a triple of which a variable is unbound is left out",),
        )

    def _described(self, query: Select) -> Probing:
        """The rows of a DESCRIBE may bind nothing that is to be described."""
        assert query.where is not None
        if any(each.kind == "iri" for each in query.described):
            return _has_rows()
        asked = names(query.described) or visible(query.where.elements)
        bound = " || ".join(f"BOUND(?{name})" for name in sorted(asked)) or "false"
        rows = yield from self._ask(f"{self._view.slice(query.where)} FILTER({bound})", 1)
        if rows is None or rows:
            return _has_rows()
        message = "the patterns have rows, and none binds what is to be described"
        return Explanation("found", message, Span(query.head.start, query.head.end))

    def _modifiers(self, query: Select, rows: int) -> Explanation:
        """What follows WHERE takes all rows away."""
        modifiers = query.modifiers
        have = f"the patterns have {count_rows(rows)}"
        if modifiers.limit == 0:
            return Explanation("found", f"{have}, and LIMIT 0 asks for none", modifiers.limit_at)
        if modifiers.having is not None and not modifiers.offset:
            at = Span(modifiers.having.start, modifiers.having.end)
            return Explanation(
                "found", f"{have}, and HAVING keeps none of their groups", at, rows=rows
            )
        if modifiers.offset and modifiers.having is None:
            message = f"{have}, and OFFSET {modifiers.offset} skips all that is left"
            return Explanation("found", message, query.tail, rows=rows)
        if modifiers.values is not None:
            at = Span(modifiers.values.start, modifiers.values.end)
            return Explanation("found", f"{have}, and VALUES keeps none of them", at, rows=rows)
        message = f"{have}, and what follows WHERE keeps none of them"
        return Explanation("found", message, query.tail, rows=rows)

    def _from(self, query: Select) -> Generator[Probe, int | None, Explanation | None]:
        """FROM may leave out the graphs that have the rows."""
        if query.dataset.start == query.dataset.end:
            return None
        assert query.where is not None
        self._dataset = None
        rows = yield from self._ask(self._view.slice(query.where), MOST_ROWS)
        if rows:
            return Explanation(
                "found",
                f"over all graphs the patterns have {count_rows(rows)}; the graphs that FROM "
                "names have none",
                query.dataset,
                rows=rows,
            )
        return None

    def _group(
        self, group: Group, around: Callable[[str], str], depth: int, company: str = ""
    ) -> Probing:
        """Find the part of a group that leaves no row.

        Args:
            group: the group.
            around: puts what stands around it, such as GRAPH.
            depth: how many groups are around it.
            company: parts outside of it, without which it has rows.
        """

        def joined(body: str) -> str:
            return around(f"{company}\n{{ {body}\n}}" if company else body)

        steps = self._writer.steps(group)
        if len(steps) > _MOST_STEPS:
            place, counts = yield from self._halve(steps, joined)
        else:
            place, counts = yield from self._build_up(steps, joined)
        shown = tuple(Count(each.start, each.end, rows) for each, rows in counts)
        if place is None:
            return replace(self._cannot_tell(group, steps, counts), steps=shown)
        culprit, before = steps[place], steps[:place]
        rows = next((n for each, n in reversed(counts) if each in before and n), None)
        if before and rows is None:
            rows = yield from self._ask(joined(_text(before)), MOST_ROWS)
        blame = Blame(self._writer, self._view, lambda body: self._ask(around(body), 1))
        found = yield from blame.of(culprit, before, in_company=bool(company))
        inner: tuple[Explanation, ...] = ()
        if found.inside and depth < _DEEPEST:
            others = "" if found.alone is False else _text(list(found.core))
            inner = yield from self._inside(found.inside, around, depth, others)
        return Explanation(
            "found",
            self._sentence(culprit, before, rows, alone=found.alone, company=bool(company)),
            Span(culprit.start, culprit.end),
            tuple(Span(each.start, each.end) for each in before),
            rows,
            tuple(Span(each.start, each.end) for each in found.core),
            found.advice,
            shown,
            inner,
        )

    def _inside(
        self,
        parts: tuple[Group | Select, ...],
        around: Callable[[str], str],
        depth: int,
        company: str,
    ) -> Generator[Probe, int | None, tuple[Explanation, ...]]:
        made = []
        for part in parts:
            group = part.where if isinstance(part, Select) else part
            if group is None:
                continue
            if isinstance(part, Select) and not company:
                rows = yield from self._ask(around(self._view.slice(group)), MOST_ROWS)
                if rows:
                    made.append(self._modifiers(part, rows))
                    continue
            made.append((yield from self._group(group, around, depth + 1, company)))
        return tuple(made)

    def _build_up(
        self, steps: list[Step], around: Callable[[str], str]
    ) -> Generator[Probe, int | None, tuple[int | None, list[tuple[Step, int | None]]]]:
        counts: list[tuple[Step, int | None]] = []
        for place, step in enumerate(steps):
            if not step.can_empty:
                counts.append((step, None))
                continue
            body = around(_text(steps[: place + 1]))
            rows = yield from self._ask(body, MOST_ROWS)
            if rows is None:
                # Whether there is one may be easier to tell than how many.
                first = yield from self._ask(body, 1)
                if first is None:
                    counts.append((step, None))
                    continue
                rows = 0 if not first else None
            counts.append((step, rows))
            if rows == 0:
                return place, counts
        return None, counts

    def _halve(
        self, steps: list[Step], around: Callable[[str], str]
    ) -> Generator[Probe, int | None, tuple[int | None, list[tuple[Step, int | None]]]]:
        counts: dict[int, int | None] = {}
        low, high = 0, len(steps) - 1
        while low < high:
            middle = (low + high) // 2
            counts[middle] = yield from self._ask(around(_text(steps[: middle + 1])), MOST_ROWS)
            if counts[middle] is None:
                return None, [(steps[place], counts[place]) for place in sorted(counts)]
            if counts[middle]:
                low = middle + 1
            else:
                high = middle
        last = yield from self._ask(around(_text(steps[: low + 1])), 1)
        counts[low] = last
        listed = [(steps[place], counts[place]) for place in sorted(counts)]
        return (low if last == 0 else None), listed

    def _sentence(
        self,
        culprit: Step,
        before: list[Step],
        rows: int | None,
        *,
        alone: bool | None,
        company: bool,
    ) -> str:
        shown = " ".join(culprit.text.split()).removesuffix(" .")
        shown = shown if len(shown) <= 120 else f"{shown[:119]}…"
        if not before and company and alone is not False:
            return f"with “{shown}” none is left"
        if not before:
            return f"nothing matches “{shown}”"
        have = count_rows(rows) if rows else "rows"
        many = f"these {len(before)} parts together have {have}"
        if len(before) == 1:
            many = f"the part before has {have}"
        if alone is False:
            return f"{many}; nothing matches “{shown}”, even alone"
        return f"{many}; with “{shown}” none is left"

    def _cannot_tell(
        self, group: Group, steps: list[Step], counts: list[tuple[Step, int | None]]
    ) -> Explanation:
        if asks_elsewhere(group):
            message = (
                "what is asked here has rows; whether SERVICE brings any is for its endpoint to say"
            )
        elif self.probes >= MOST_PROBES:
            message = f"no cause was found within {MOST_PROBES} questions"
        elif any(rows is None and step.can_empty for step, rows in counts):
            message = "parts of the query were not answered in time"
        elif not steps:
            message = "the group is empty"
        else:
            message = "each part leaves rows, so it cannot be told which one is to blame"
        return Explanation("unknown", message)


def _text(steps: list[Step]) -> str:
    return "\n".join(each.text for each in sorted(steps, key=_last_conditions))


def _last_conditions(step: Step) -> bool:
    return isinstance(step.element, Filter)


def _has_rows() -> Explanation:
    return Explanation("rows", "the query has rows")
