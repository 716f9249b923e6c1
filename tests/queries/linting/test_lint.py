"""Each check finds its fault, with the file, the line and what to do, and nothing else."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.graph.store import Store
from fairpapers.queries import Library, LibraryError, load_library
from fairpapers.queries.linting import CHECKS, lint

from ..conftest import MemoryStore

GOOD = """\
#+ id: Z01
#+ title: Things that a dataset is used with
#+ question: What do papers use together with this dataset?
#+ description: Counts papers.
#+ group: Ours
#+ level: 2
#+ teaches: [GROUP BY]
#+ parameters:
#+   - name: dataset
#+     type: resource
#+     label: Dataset
#+     description: the IRI of a dataset
#+     default: dataset/squad
#+     values: SELECT ?value ?label WHERE { ?value a fp:Dataset ; skos:prefLabel ?label }
#+ columns:
#+   - {name: thing, type: iri, description: the thing}
#+   - {name: papers, type: integer, description: how many papers}
#+ related: [C01]
#+ licence: CC0-1.0

PREFIX fp: <https://w3id.org/fairpapers/ontology#>

SELECT ?thing (COUNT(DISTINCT ?paper) AS ?papers)
WHERE {
  ?paper fp:uses $dataset ;
         fp:uses ?thing .
}
GROUP BY ?thing
ORDER BY DESC(?papers) ?thing
"""
GRAPH = """
@prefix : <https://w3id.org/fairpapers/id/dataset/> .
@prefix fp: <https://w3id.org/fairpapers/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:p> fp:uses :squad , :glue .
:squad a fp:Dataset ; skos:prefLabel "SQuAD" .
"""
TWICE = GRAPH.replace(", :glue", "").replace("<urn:p>", "<urn:q> fp:uses :squad . <urn:p>")
Few = Callable[[str], Store]


@pytest.fixture(scope="module")
def shipped() -> Library:
    return load_library()


def write(folder: Path, text: str = GOOD, name: str = "Z01-things.rq") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def lines(folder: Path, beside: Library, store: Store | None = None) -> list[str]:
    return [
        f"{fault.path.name}:{fault.line}: [{fault.check}] {fault.message}"
        for fault in lint([folder], beside, store=store).faults
    ]


def test_a_good_file_passes_on_a_graph_too(tmp_path: Path, shipped: Library, few: Few) -> None:
    write(tmp_path)
    assert lines(tmp_path, shipped, few(GRAPH)) == []


PLANTED = [
    ("#+ id: Z01", "id: Z01", "1: [file] no front matter"),
    ("#+ level: 2", "#+ level: 7", "6: [front-matter] level: Input should be less"),
    ("#+ level: 2", "#+ level: 2\n#+ level: 3", "7: [front-matter] level: this field stands twice"),
    ("id: Z01", "id: Z02", "1: [name] the file must be named Z02-<words>.rq"),
    ("id: Z01", "id: C01", "1: [ids] C01 is the id of 'most-used-datasets' in the library that"),
    ("[C01]", "[C99]", "18: [links] no query 'C99' in the library; `fairpapers queries` lists"),
    ("uses $dataset", "uses $data", "25: [parameters] $data is no parameter"),
    ("SELECT ?value ?label", "SELECT ?value", "14: [choices] dataset.values must SELECT"),
    ("[C01]", "[B99]", "18: [links] no query 'B99' in the library"),
    ("\nWHERE {", "\nWHERE {\nSERVICE <urn:s> { ?s ?p ?o }", "25: [service] SERVICE would ask"),
    ("WHERE { ?value", "WHERE { SERVICE <urn:s> { ?s ?p ?o } ?value", "14: [service] SERVICE would"),
    ("\nWHERE {", "\nWHERE (", "24: [syntax] column 7: expected"),
    ("name: papers", "name: paper", "15: [columns] columns are thing, paper, the query gives"),
    ("fp:uses ?thing", "fp:use ?thing", "26: [terms] fp:use is not defined; did you mean fp:uses"),
    ("skos:prefLabel", "skos:preferredLabel", "14: [terms] dataset.values: skos:preferredLabel is"),
    ("fp:uses ?thing", "fp:uses ?things", "23: [unbound] ?thing never gets a value; check"),
    ("DISTINCT ?paper", "DISTINCT ?papr", "23: [unbound] ?papr never gets a value"),
    ("\nSELECT", "PREFIX skos: <urn:s>\n\nSELECT", "22: [prefixes] prefix skos: is not used"),
    ("fp: <https", "fp: <http", "21: [prefixes] prefix fp: stands for <https://w3id.org/fair"),
    ("\nWHERE {", "\nFROM <urn:g>\nWHERE {", "24: [union] FROM reads one named graph"),
    ("?thing .\n", "?thing . ?model a fp:Model .\n", "26: [advice] "),
    ("\nORDER BY DESC(?papers) ?thing", "", "28: [order] no ORDER BY"),
    ("#+     values: SELECT", "#+     # SELECT", "9: [offers] parameter dataset offers no values"),
    ("\nWHERE {", f"\nWHERE {{ # {'x' * 110}", "24: [width] 120 characters in this line"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), PLANTED)
def test_each_fault_names_its_line_and_its_check(
    tmp_path: Path, shipped: Library, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    found = lines(tmp_path, shipped)
    assert any(line.startswith(f"Z01-things.rq:{expected}") for line in found), found


ON_A_GRAPH = [
    ("dataset/squad", "dataset/none", GRAPH, "8: [answer] with its defaults the answer is empty"),
    ("{name: thing, type: iri", "{name: thing, type: string", GRAPH, "16: [cells] column thing is"),
    ("(COUNT(DISTINCT ?paper) AS ?papers)", "(MIN(?none) AS ?papers)", GRAPH,
     "17: [cells] column papers has empty cells"),
    ("a fp:Dataset", "a fp:Model", GRAPH, "14: [offered] dataset.values offers nothing"),
    ("?value a fp:Dataset ; skos:prefLabel ?label",
     '?p fp:uses ?x BIND(CONCAT(\\"no IRI\\", STR(?x)) AS ?value) BIND(?value AS ?label)',
     GRAPH, "14: [offered] dataset.values: parameter dataset: 'no IRI"),
    ("a fp:Dataset ; skos:prefLabel ?label", 'a fp:Dataset BIND(\\"\\" AS ?label)', GRAPH,
     "14: [offered] dataset.values: https://w3id.org/fairpapers/id/dataset/squad has an empty"),
    ("SELECT ?thing (COUNT(DISTINCT ?paper) AS ?papers)", "SELECT ?thing (1 AS ?papers)",
     TWICE, "21: [distinct] a row stands 2 times (dataset/squad, 1); add DISTINCT"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "turtle", "expected"), ON_A_GRAPH)
def test_each_fault_of_an_answer_names_its_line_and_its_check(
    tmp_path: Path, shipped: Library, few: Few, old: str, new: str, turtle: str, expected: str
) -> None:
    text = GOOD.replace("values: SELECT", 'values: "SELECT').replace("?label }", '?label }"')
    assert old in text
    changed = text.replace(old, new, 1).replace("MIN(?none)", "SAMPLE(?none)")
    if "SAMPLE" in changed:
        changed = changed.replace("?thing .\n", "?thing . OPTIONAL { ?thing fp:doi ?none }\n")
    if turtle == TWICE:
        changed = changed.replace("GROUP BY ?thing\n", "")
    write(tmp_path, changed)
    found = lines(tmp_path, shipped, few(turtle))
    assert any(line.startswith(f"Z01-things.rq:{expected}") for line in found), found


def test_one_letter_has_one_group_and_ours_comes_first(tmp_path: Path, shipped: Library) -> None:
    write(tmp_path, GOOD.replace("id: Z01", "id: C90"), "C90-things.rq")
    write(tmp_path, GOOD.replace("id: Z01", "id: C91"), "C91-more.rq")
    assert lines(tmp_path, shipped) == [
        f"C9{number}.rq:5: [groups] group C is named 'Datasets' elsewhere"
        for number in ("0-things", "1-more")
    ]


def test_every_check_is_planted_here_or_has_a_test_of_its_own() -> None:
    planted = {expected.partition("[")[2].partition("]")[0] for *_, expected in PLANTED}
    planted |= {expected.partition("[")[2].partition("]")[0] for *_, expected in ON_A_GRAPH}
    # What only rdflib refuses, and the groups.
    assert planted | {"second-engine", "groups"} == set(CHECKS)


def test_what_only_one_engine_parses_is_told(tmp_path: Path, shipped: Library) -> None:
    # LATERAL is an extension of Oxigraph.
    path = write(
        tmp_path, GOOD.replace("?thing .\n", "?thing .\n  LATERAL { ?thing a fp:Dataset }\n")
    )
    found = lines(tmp_path, shipped)
    assert [line.partition("]")[0] for line in found] == [f"{path.name}:27: [second-engine"]


@pytest.mark.parametrize("check", ["prefixes", "union", "order", "offers", "width", "distinct"])
def test_what_can_be_used_as_it_is_is_a_warning(check: str) -> None:
    assert CHECKS[check].warning


def test_what_only_looks_like_a_fault_is_none(tmp_path: Path, shipped: Library) -> None:
    text = GOOD.replace(
        "?thing .\n",
        "?thing . # fp:use, GRAPH and ?never in a comment\n"
        '  FILTER(STR(?thing) != "GRAPH fp:use")\n'
        "  ?thing <https://example.org/terms#anything> <urn:example:of-another> .\n",
    )
    write(tmp_path, text)
    assert lines(tmp_path, shipped) == []


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, shipped: Library) -> None:
    (tmp_path / "Z01-things.rq").write_text(GOOD, "utf-8-sig")
    assert lines(tmp_path, shipped) == []


def test_a_single_row_needs_no_order(tmp_path: Path, shipped: Library) -> None:
    head, _, _ = GOOD.partition("#+ columns")
    text = (
        f"{head.partition('#+ parameters')[0]}#+ columns:\n"
        "#+   - {name: n, type: integer, description: all}\n#+ licence: CC0-1.0\n\n"
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }\n"
    )
    write(tmp_path, text)
    assert lines(tmp_path, shipped) == []


def test_one_file_may_link_to_those_beside_it(tmp_path: Path, shipped: Library) -> None:
    path = write(tmp_path, GOOD.replace("[C01]", "[C01, Z02]"))
    assert lint([path], shipped).errors == 1
    write(tmp_path, GOOD.replace("id: Z01", "id: Z02").replace("level: 2", "level: 9"), "Z02-b.rq")
    assert lint([path], shipped).errors == 1, "a file that cannot be read is none to link to"
    write(tmp_path, GOOD.replace("id: Z01", "id: Z02"), "Z02-b.rq")
    assert lint([path], shipped).faults == ()
    write(tmp_path, GOOD.replace("id: Z01", "id: Z01"), "Z01-twin.rq")
    assert [fault.path.name for fault in lint([path], shipped).faults] == []
    assert len(lint([tmp_path], shipped).faults) == 1


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(0, len(GOOD)),
    length=st.integers(0, 40),
    text=st.text(alphabet="#+ \n:-[]{}|>&*!%@`'\"\\$?<>();.,aZ0é\u2028\x0b", max_size=20),
)
def test_whatever_stands_in_a_file_is_told_on_a_line_that_it_has(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, text: str
) -> None:
    path = write(tmp_path_factory.mktemp("any"), GOOD[:start] + text + GOOD[start + length :])
    store = MemoryStore(GRAPH)
    faults = lint([path], {}, store=store).faults
    # Splitlines and not a count of line feeds: an editor may end a line at any of these.
    last = len(path.read_text("utf-8").splitlines()) + 1
    assert all(1 <= fault.line <= last for fault in faults), list(map(str, faults))
    assert all(fault.check in CHECKS for fault in faults)


def test_a_folder_without_queries_is_told(tmp_path: Path, shipped: Library) -> None:
    linted = lint([tmp_path], shipped)
    assert (linted.files, linted.errors) == (0, 1)
    assert linted.faults[0].message == "no .rq file in this folder"


def test_a_query_that_a_graph_cannot_answer_is_told(
    tmp_path: Path, shipped: Library, few: Few
) -> None:
    write(tmp_path)
    closed = few(GRAPH)
    closed.close()
    (found,) = lines(tmp_path, shipped, closed)
    assert found == "Z01-things.rq:21: [answer] it could not be answered: the store is closed"


def test_an_own_library_stands_beside_ours(tmp_path: Path, shipped: Library) -> None:
    path = write(tmp_path)
    joined = load_library(own=tmp_path)
    assert set(joined) == {*shipped, "Z01"}
    assert joined.find("things") is joined["Z01"]
    assert joined.file("Z01") == path
    assert joined.file("C01") == shipped.file("C01") is not None
    assert Library(dict(shipped)).file("C01") is None


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (GOOD.replace("Z01", "C01").replace("Ours", "Datasets").replace("[C01]", "[A01]"),
         "C01-things.rq", "best with a letter that is free, such as Z01"),
        (GOOD, "Z01-most-used-datasets.rq", "'most-used-datasets' is the name of C01 in the"),
    ],
)  # fmt: skip
def test_an_own_library_takes_no_id_and_no_name_of_ours(
    tmp_path: Path, text: str, name: str, expected: str
) -> None:
    write(tmp_path, text, name)
    with pytest.raises(LibraryError, match=re.escape(expected)) as caught:
        load_library(own=tmp_path)
    (fault,) = caught.value.faults
    assert (fault.path.name, fault.line) == (name, 1)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no such folder"):
        load_library(own=tmp_path / "missing")


def test_a_query_that_would_ask_another_server_is_refused_before_it_can(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.setblocking(False)
        service = f"SERVICE <http://127.0.0.1:{other.getsockname()[1]}/> {{ ?s ?p ?o }}"
        head, _, _ = GOOD.partition("#+ parameters")
        write(tmp_path, f"{head}#+ licence: CC0-1.0\n\nASK {{ {service} }}\n")
        with pytest.raises(LibraryError, match="SERVICE would ask another server"):
            load_library(own=tmp_path)
        with pytest.raises(BlockingIOError):
            other.accept()
