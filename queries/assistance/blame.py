"""A closer look at the part of a query after which no row is left."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from ...ontology.terms import PREFIXES
from .probes import Probe, Step, Writer, component
from .syntax import (
    Expression,
    Filter,
    Group,
    InGraph,
    Minus,
    Path,
    Select,
    Sub,
    Term,
    Triple,
    Union,
    Values,
    View,
)

Asking = Generator[Probe, int | None, int | None]
# More parts are not dropped one by one.
_MOST_DROPPED: Final = 14
_MOST_TURNED: Final = 4
_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out.

    Attributes:
        alone: whether the part has rows by itself; None where that means nothing.
        core: parts before it that cannot be met together with it.
        advice: sentences.
        inside: groups and queries in it that have no rows themselves.
    """

    alone: bool | None = None
    core: tuple[Step, ...] = ()
    advice: tuple[str, ...] = ()
    inside: tuple[Group | Select, ...] = ()


class Blame:
    """Questions about one part.

    Args:
        writer: writes them.
        view: the query.
        ask: whether a group has a row: 1, 0, or None.
    """

    def __init__(self, writer: Writer, view: View, ask: Callable[[str], Asking]) -> None:
        self._writer = writer
        self._view = view
        self._ask = ask

    def of(
        self, culprit: Step, before: list[Step], *, in_company: bool = False
    ) -> Generator[Probe, int | None, Found]:
        """Look at a part that leaves none of the rows of those before it.

        Args:
            culprit: the part.
            before: those before it in its group.
            in_company: there are others outside of its group.
        """
        element = culprit.element
        match element:
            case Filter():
                advice = yield from self._condition(element.expression, before)
                return Found(advice=advice)
            case Minus():
                return Found(advice=("MINUS takes all of these rows away",))
            case _:
                pass
        judged = not before and not in_company
        rows = 0 if judged else (yield from self._ask(culprit.text))
        if rows != 0:
            core = yield from self._core(culprit, before)
            advice = yield from self._company(culprit, core)
            inside = element.branches if isinstance(element, Union) and core else ()
            return Found(rows is not None or None, tuple(core), advice, inside)
        match element:
            case Triple():
                advice = yield from self._triple(element)
                return Found(alone=False, advice=advice)
            case InGraph():
                return (yield from self._graph(element))
            case Union(branches=branches):
                advice = ("no branch of UNION has rows",) if len(branches) > 1 else ()
                return Found(alone=False, advice=advice, inside=branches)
            case Sub(query=query):
                return Found(alone=False, advice=("the query inside has no rows",), inside=(query,))
            case _:
                return Found(alone=False)

    def _core(self, culprit: Step, before: list[Step]) -> Generator[Probe, int | None, list[Step]]:
        """The fewest parts found that have no rows together with it."""
        core = component(before, culprit)
        if len(core) > _MOST_DROPPED:
            return core
        for step in list(core):
            if step not in core:
                continue
            # What nothing connects with it any more has rows, and so does not matter here.
            rest = component([each for each in core if each is not step], culprit)
            rows = yield from self._ask(_together([*rest, culprit]))
            if rows == 0:
                core = rest
        return core

    def _company(
        self, culprit: Step, core: list[Step]
    ) -> Generator[Probe, int | None, tuple[str, ...]]:
        """Whether a triple that matches alone fits the others the other way round."""
        element = culprit.element
        if isinstance(element, Values):
            return ("none of the rows of VALUES fits the patterns",)
        if not isinstance(element, Triple) or element.object.kind == "literal":
            return ()
        if isinstance(element.predicate, Path):
            return ()
        turned = self._turned(element)
        rows = yield from self._ask(f"{_together(core)}\n{turned}")
        if rows:
            return (f"the other way round it fits: {_brief(turned)}",)
        for step in core[:_MOST_TURNED]:
            other = step.element
            if not isinstance(other, Triple) or other.object.kind == "literal":
                continue
            if isinstance(other.predicate, Path):
                continue
            turned = self._turned(other)
            rest = [each for each in core if each is not step]
            rows = yield from self._ask(f"{_together([*rest, culprit])}\n{turned}")
            if rows:
                shown = _brief(step.text)
                return (f"it fits if “{shown}” is turned round: {_brief(turned)}",)
        return ()

    def _triple(self, triple: Triple) -> Generator[Probe, int | None, tuple[str, ...]]:
        """Which term of a pattern that matches nothing is to blame."""
        write = self._writer
        any_subject, any_value = write.fresh("s"), write.fresh("o")
        predicate = triple.predicate
        if isinstance(predicate, Path) or predicate.kind == "iri":
            # Every property has statements with other subjects and objects, or none at all.
            rows = yield from self._ask(write.triple(triple, subject=any_subject, value=any_value))
            if rows == 0:
                return (f"no statement of the graph has {predicate.text} at all",)
        if triple.object.kind != "literal" and not isinstance(predicate, Path):
            turned = self._turned(triple)
            rows = yield from self._ask(turned)
            if rows:
                return (f"the other way round it matches: {_brief(turned)}",)
        advice: list[str] = []
        if triple.object.kind in ("iri", "literal"):
            rows = yield from self._ask(write.triple(triple, value=any_value))
            if rows:
                advice += yield from self._value(triple)
        if triple.subject.kind == "iri":
            rows = yield from self._ask(write.triple(triple, subject=any_subject))
            if rows:
                any_predicate = write.fresh("p")
                said = yield from self._ask(
                    write.triple(triple, predicate=any_predicate, value=any_value)
                )
                if said == 0:
                    advice.append(
                        f"the graph says nothing about {_shown(triple.subject)}; check its spelling"
                    )
                else:
                    advice.append(f"with another subject than {_shown(triple.subject)} it matches")
        return tuple(advice)

    def _value(self, triple: Triple) -> Generator[Probe, int | None, list[str]]:
        """Why an object matches nothing where another one does."""
        write, value = self._writer, triple.object
        advice = [f"with another value than {_shown(value)} it matches"]
        predicate = triple.predicate
        if isinstance(predicate, Term) and predicate.value == _TYPE:
            advice = [f"nothing in the graph has the class {_shown(value)}"]
        if value.kind != "literal":
            if advice[0].startswith("with"):
                any_subject, any_predicate = write.fresh("s"), write.fresh("p")
                met = yield from self._ask(
                    write.triple(triple, subject=any_subject, predicate=any_predicate)
                )
                if met == 0:
                    return [f"no statement leads to {_shown(value)}; check its spelling"]
            return advice
        other = write.fresh("o")
        like = write.triple(triple, value=other)
        same = yield from self._ask(f"{like} FILTER(STR({other}) = STR({value.text}))")
        if same:
            return [
                f"the graph has the characters of {_shown(value)} with another datatype or "
                "language tag; compare STR(…) of a variable, or write it as the graph does"
            ]
        folded = f"LCASE(STR({other})) = LCASE(STR({value.text}))"
        rows = yield from self._ask(f"{like} FILTER({folded})")
        if rows:
            return [f"the graph writes {_shown(value)} with other capitals"]
        ends = f"isIRI({other}) && STRENDS(STR({other}), STR({value.text}))"
        rows = yield from self._ask(f"{like} FILTER({ends})")
        if rows:
            return [
                f"the graph has an IRI that ends with {_shown(value)}, and what stands in quotes is "
                "a string; write the IRI, with a prefix or in <…>"
            ]
        return advice

    def _turned(self, triple: Triple) -> str:
        term = self._writer.term
        return self._writer.triple(triple, subject=term(triple.object), value=term(triple.subject))

    def _graph(self, element: InGraph) -> Generator[Probe, int | None, Found]:
        """A GRAPH that has no rows: is it the graph, or what is asked of it?"""
        outside = yield from self._ask(self._view.slice(element.group))
        if not outside:
            return Found(alone=False, inside=(element.group,))
        if element.name.kind == "variable":
            advice = (
                "the patterns match only across graphs, and GRAPH asks for one that holds them all"
            )
            return Found(alone=False, advice=(advice,))
        write = self._writer
        anything = f"GRAPH {element.name.text} {{ {write.fresh('s')} {write.fresh('p')} "
        held = yield from self._ask(f"{anything}{write.fresh('o')} }}")
        if held == 0:
            return Found(alone=False, advice=(f"no graph is called {_shown(element.name)}",))
        return Found(
            alone=False, advice=(f"other graphs than {_shown(element.name)} match these patterns",)
        )

    def _condition(
        self, expression: Expression, before: list[Step]
    ) -> Generator[Probe, int | None, tuple[str, ...]]:
        """Whether a condition is false or an error, and which part of it."""
        body = _together(before)
        advice: list[str] = []
        parts = conjuncts(expression)
        if len(parts) > 1:
            for start, end in parts:
                text = self._view.text[start:end]
                rows = yield from self._ask(f"{body}\nFILTER({text})")
                if rows == 0:
                    advice.append(f"“{_brief(text)}” alone keeps no row")
            if not advice:
                advice.append("each part of the condition keeps rows, and no row meets them all")
        if expression.exists:
            return tuple(advice)
        told = self._writer.fresh("told")
        judged = f"{body}\nBIND(({self._view.slice(expression)}) AS {told})"
        sure = yield from self._ask(f"{judged}\nFILTER(BOUND({told}))")
        if sure == 0:
            advice.append(
                "the condition is an error in every row: a variable in it is unbound, values of "
                "types that cannot be compared meet, or an IRI stands where a string is needed, "
                "which STR(…) makes of it"
            )
        return tuple(advice)


def conjuncts(expression: Expression) -> list[tuple[int, int]]:
    """Places of the parts between ``&&`` of a condition in brackets; one or none where it has none."""
    inside = expression.tokens[1:-1]
    if expression.exists or not inside or expression.tokens[0].text != "(":
        return []
    depth, start, found = 0, inside[0].start, list[tuple[int, int]]()
    for place, token in enumerate(inside):
        if token.kind != "mark":
            continue
        depth += (token.text == "(") - (token.text == ")")
        if depth < 0 or (depth == 0 and token.text == "|"):
            return []
        again = place and inside[place - 1].text == "&" and inside[place - 1].end == token.start
        if depth == 0 and token.text == "&" and again:
            found.append((start, inside[place - 1].start))
            start = token.end
    return [*found, (start, inside[-1].end)]


def _together(steps: list[Step]) -> str:
    conditions = [each for each in steps if isinstance(each.element, Filter)]
    rows = [each for each in steps if not isinstance(each.element, Filter)]
    return "\n".join(each.text for each in (*rows, *conditions))


def _shown(term: Term) -> str:
    return _brief(term.text)


def _brief(text: str) -> str:
    words = " ".join(text.split()).removesuffix(" .")
    return words if len(words) <= 100 else f"{words[:99]}…"
