"""How an update request is split, and what WHERE is made to read."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import MalformedRequestError, QueryForbiddenError, QueryTooDeepError
from fairpapers.api.updates.operations import Operation, operations, using, with_dataset


def split(update: str) -> list[Operation]:
    return operations(update, max_depth=50)


@pytest.mark.parametrize(
    ("update", "texts"),
    [
        ("", []),
        (" # nothing\n", []),
        ("CLEAR ALL", ["CLEAR ALL"]),
        ("CLEAR ALL ;", ["CLEAR ALL"]),
        ("CLEAR ALL; DROP ALL", ["CLEAR ALL; DROP ALL"]),
        ("INSERT DATA { <a:a> <a:b> ';' } ; CLEAR ALL", None),
        ("INSERT DATA { <a:a> <a:b> 1 ; <a:c> 2 }", None),
        ("CLEAR ALL; DELETE WHERE { ?s ?p ?o }", ["CLEAR ALL", "DELETE WHERE { ?s ?p ?o }"]),
        (
            "PREFIX a: <a:> CLEAR ALL; PREFIX b: <b:> CLEAR ALL; CLEAR ALL",
            ["PREFIX a: <a:> CLEAR ALL", "PREFIX b: <b:> CLEAR ALL; CLEAR ALL"],
        ),
        ("CLEAR ALL # ; DROP ALL\n ; CREATE GRAPH <a:b>", None),
    ],
)
def test_operations_that_read_nothing_stay_together(update: str, texts: list[str] | None) -> None:
    assert [each.text for each in split(update)] == ([update] if texts is None else texts)


def test_a_prologue_holds_for_what_follows() -> None:
    *_, last = split("PREFIX a: <a:> CLEAR ALL; BASE <b:b> CLEAR ALL; DELETE WHERE { a:a a:b <c> }")
    assert last.before == "PREFIX a: <a:>\nBASE <b:b>"
    store = ox.Store()
    store.update("INSERT DATA { <a:a> <a:b> <b:c> }")
    store.update(last.engine_text())
    assert not len(store)


@pytest.mark.parametrize(
    ("update", "ran"),
    [
        pytest.param(
            "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
            "INSERT { ?s ?p 1 }  USING <urn:g> WHERE { ?s ?p ?o }",
            id="insert",
        ),
        pytest.param(
            "DELETE{?s ?p 'WHERE {'}WHERE{SELECT*WHERE{?s ?p ?o}}",
            "DELETE{?s ?p 'WHERE {'} USING <urn:g> WHERE{SELECT*WHERE{?s ?p ?o}}",
            id="the word elsewhere",
        ),
        pytest.param(
            "DELETE WHERE { ?s ?p ?o }",
            "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }",
            id="short form",
        ),
        pytest.param(
            "deleteWHERE{?s ?p ?o}",
            "delete {?s ?p ?o} USING <urn:g> WHERE {?s ?p ?o}",
            id="short form without spaces",
        ),
        pytest.param("INSERT DATA { <a:a> <a:b> 1 }", None, id="data"),
        pytest.param("INSERTDATA{<a:a> <a:b> 1}", None, id="data without spaces"),
        pytest.param("DELETE DATA { <a:WHERE> <a:b> 1 }", None, id="delete data"),
        pytest.param("COPY <a:b> TO <a:c>", None, id="copy"),
    ],
)
def test_a_dataset_is_put_where_the_grammar_has_it(update: str, ran: str | None) -> None:
    (piece,) = split(update)
    text = piece.engine_text(using(["urn:g"], []))
    assert " ".join(text.split()) == " ".join((ran or update).split())
    ox.Store().update(text)


@pytest.mark.parametrize(
    "update",
    [
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "PREFIX g: <urn:> WITHg:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p 1 } USING <urn:g> WHERE { ?s ?p ?o }",
        "INSERT{?s ?p 1}USINGNAMED<urn:g>WHERE{?s ?p ?o}",
        "CLEAR ALL; PREFIX g: <urn:> INSERT{?s ?p 1}USINGg:g WHERE{?s ?p ?o}",
    ],
)
def test_a_dataset_of_the_protocol_excludes_one_in_the_update(update: str) -> None:
    pieces = split(update)
    assert with_dataset(pieces, [], []) == ""
    with pytest.raises(MalformedRequestError, match="using-graph-uri"):
        with_dataset(pieces, ["urn:h"], [])
    # What names its dataset is left as it is where all graphs are read by default.
    assert pieces[-1].dataset_at is None


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1/x>",
        "load silent <http://127.0.0.1/x> INTO GRAPH <urn:g>",
        "LOADSILENT<http://127.0.0.1/x>",
        "CLEAR ALL;LOAD<http://127.0.0.1/x>",
        "PREFIX ex: <http://127.0.0.1/> LOADex:g",
        "PREFIX ex: <http://127.0.0.1/> LOAD ex:g",
        "CLEAR ALL; BASE <http://127.0.0.1/> LOAD <x>",
        "INSERT DATA { <a:a> <a:b> 1 }\n;# ;\n# x\nLOAD <http://127.0.0.1/x>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { { { SERVICE SILENT <http://127.0.0.1/> { ?s ?p ?o } } } }",
        "DELETE { ?s ?p ?o } WHERE { { SELECT * { SERVICE ?x { ?s ?p ?o } } } }",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { service<http://127.0.0.1/>{} } }",
        "PREFIX e: <http://127.0.0.1/> INSERT { ?s ?p ?o } WHERE { SERVICEe:x { ?s ?p ?o } }",
        'INSERT { ?s ?p 1 } WHERE { ?s ?p ?o FILTER(?o<?b#>"""\n) } ; LOAD <http://127.0.0.1/> #"""',
    ],
)
def test_nothing_that_fetches_is_let_through(update: str) -> None:
    with pytest.raises(QueryForbiddenError):
        split(update)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:load> <urn:SERVICE> 'LOAD <x>; SERVICE <y> {}' } # LOAD",
        "PREFIX load: <urn:x> INSERT DATA { load:x load:service load:LOAD }",
        "DROP SILENT GRAPH <http://127.0.0.1/LOAD>",
    ],
)
def test_the_words_in_names_and_strings_are_harmless(update: str) -> None:
    ox.Store().update("".join(each.engine_text() for each in split(update)))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(QueryTooDeepError):
        split("INSERT { ?s ?p 1 } WHERE " + "{" * 60 + "}" * 60)


def test_an_error_is_placed_in_the_whole_request() -> None:
    request = "PREFIX a: <urn:a:>\nCLEAR ALL;\n  DELETE WHERE { ?s ?p }"
    *_, last = split(request)
    with pytest.raises(SyntaxError) as caught:
        ox.Store().update(last.engine_text())
    line, column = str(caught.value).removeprefix("error at ").split(": ")[0].split(":")
    assert last.position(request, int(line), int(column)) == (3, len("  DELETE WHERE { ?s ?p }"))


PIECES = (
    "CLEAR ALL",
    "INSERT DATA { <a:a> <a:b> ';}' , '''{''' }",
    "DELETE WHERE { ?s ?p ?o }",
    "WITH <a:g> INSERT { ?s <a:n> 1 } WHERE { ?s ?p ?o FILTER(?o < 3 && ?o >2) }",
    "DELETE { ?s ?p ?o } INSERT { ?o ?p ?s } WHERE { ?s ?p ?o . FILTER(?o IN (<a:b>, 'x')) }",
    "DROP SILENT GRAPH <a:g>",
)
PROLOGUES = ("", "PREFIX ex: <urn:x#> ", "BASE <http://a/b#c> # no\n", "prefix : <;> ")


@given(st.lists(st.tuples(st.sampled_from(PROLOGUES), st.sampled_from(PIECES)), max_size=8))
def test_every_operation_is_kept_once_and_in_order(parts: list[tuple[str, str]]) -> None:
    request = " ;\n".join(prologue + piece for prologue, piece in parts)
    pieces = split(request)
    kept = ";".join(each.text for each in pieces)
    wanted = [piece for _, piece in parts]
    place = 0
    for piece in wanted:
        place = kept.index(piece, place) + len(piece)
    assert sum(kept.count(piece) for piece in PIECES) == len(wanted)
    store = ox.Store()
    for operation in pieces:
        text = operation.engine_text(using(["urn:g"], []))
        store.update(text, base_iri="http://example.org/")


@given(st.text())
def test_any_text_is_split_or_refused(text: str) -> None:
    try:
        pieces = split(text)
    except (QueryForbiddenError, QueryTooDeepError):
        return
    assert all(piece.text in text for piece in pieces)
