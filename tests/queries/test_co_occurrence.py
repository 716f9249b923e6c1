"""What G01, G03 and G05 answer on any small graph is what counting by their definition gives.

The queries cut before they look names up; on graphs with more rows than they show, and with ties at the
cut, nothing may be lost by that.
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from fairpapers.graph.store import OpenStore
from fairpapers.ontology.terms import FP, PREFIXES
from fairpapers.queries import load_library
from fairpapers.queries.answers import Table
from fairpapers.queries.runner import run

BASE = "https://example.org"
GRAPH = NamedNode(f"{BASE}/graph/core")
TYPE, LABEL, TITLE = (
    NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (("rdf", "type"), ("skos", "prefLabel"), ("dcterms", "title"))
)
# Names that sort otherwise than their IRIs, two of them alike for longer than a sort looks first.
NAMES = {
    "dataset/a": "zeta",
    "dataset/b": "a name of one beginning, b",
    "dataset/c": "a name of one beginning, a",
    "dataset/d": "Alpha",
    "dataset/e": "alpha",
    "method/f": "beta",
    "method/g": "beta",
}
# By paper, its number in the IRI and the things that it introduces or uses.
Papers = dict[int, frozenset[str]]
PAPERS = st.dictionaries(
    st.integers(0, 60), st.frozensets(st.sampled_from(sorted(NAMES))), min_size=1, max_size=40
)
LIBRARY = load_library()


def thing(name: str) -> str:
    return f"{BASE}/id/{name}"


def paper(number: int) -> str:
    return f"{BASE}/id/paper/{number}"


def title(number: int) -> str:
    """Another order than that of the IRIs, and only late in the text."""
    return f"A title that begins like others {97 * number % 61:02}"


def store_of(papers: Papers) -> Store:
    store = Store()
    for name, label in NAMES.items():
        kind = NamedNode(FP.Dataset if name.startswith("dataset") else FP.Method)
        store.add(Quad(NamedNode(thing(name)), TYPE, kind, GRAPH))
        store.add(Quad(NamedNode(thing(name)), LABEL, Literal(label), GRAPH))
    for number, used in papers.items():
        store.add(Quad(NamedNode(paper(number)), TITLE, Literal(title(number)), GRAPH))
        for name in used:
            by = NamedNode(FP.introduces if number % 3 == 0 else FP.uses)
            store.add(Quad(NamedNode(paper(number)), by, NamedNode(thing(name)), GRAPH))
    return store


def asked(papers: Papers, id_: str, **values: str) -> list[tuple[str, ...]]:
    answer = run(OpenStore(store_of(papers)), LIBRARY[id_], values, base=BASE)
    assert isinstance(answer, Table)
    return [tuple(str(getattr(cell, "value", "")) for cell in row) for row in answer.rows]


@given(PAPERS, st.integers(1, 3))
def test_pairs_of_datasets_are_counted_once_each(papers: Papers, least: int) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for used in papers.values():
        counts.update(combinations(sorted(u for u in used if u.startswith("dataset")), 2))
    rows = [
        (thing(one), NAMES[one], thing(two), NAMES[two], str(count))
        for (one, two), count in counts.items()
        if count >= least
    ]
    rows.sort(key=lambda row: (-int(row[4]), row[1], row[3], row[0], row[2]))
    assert asked(papers, "G01", least=str(least)) == rows


@given(PAPERS, st.sampled_from(sorted(NAMES)), st.integers(1, 8))
def test_the_first_of_what_is_used_together(papers: Papers, name: str, top: int) -> None:
    beside: dict[str, list[str]] = {}
    for number, used in papers.items():
        for other in used - {name} if name in used else ():
            beside.setdefault(other, []).append(title(number))
    rows = [
        (
            thing(each),
            NAMES[each],
            "Dataset" if each.startswith("dataset") else "Method",
            str(len(titles)),
            min(titles),
        )
        for each, titles in beside.items()
    ]
    rows.sort(key=lambda row: (-int(row[3]), row[2], row[1], row[0]))
    assert asked(papers, "G03", resource=thing(name), top=str(top)) == rows[:top]


@given(PAPERS, st.data())
def test_of_the_papers_that_share_most_the_most_alike(papers: Papers, data: st.DataObject) -> None:
    mine = data.draw(st.sampled_from(sorted(papers)))
    shared = {
        number: len(used & papers[mine])
        for number, used in papers.items()
        if number != mine and used & papers[mine]
    }
    # Those that are tied with the twentieth are weighed too.
    cut = sorted(shared.values(), reverse=True)[:20]
    rows = []
    for number, count in shared.items():
        if count >= cut[-1]:
            union = len(papers[mine] | papers[number])
            share = (Decimal(1000 * count) / union).quantize(Decimal(1), ROUND_HALF_UP) / 1000
            rows.append((share, title(number), paper(number), count))
    rows.sort(key=lambda row: (-row[0], row[1], row[2]))
    answer = asked(papers, "G05", paper=paper(mine))
    assert [(other, name, count) for other, name, count, _ in answer] == [
        (other, name, str(count)) for _, name, other, count in rows[:20]
    ]
    assert [Decimal(each[3]) for each in answer] == [row[0] for row in rows[:20]]
