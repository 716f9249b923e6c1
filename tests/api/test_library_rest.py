"""The query library over HTTP."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import rdflib

from fairpapers.queries import Library, library_folder

Site = Any
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
F02 = {"dataset": "dataset/conll-2003", "metric": "metric/f1"}


def test_the_list_holds_every_query_for_programs_and_for_people(
    site: Site, library: Library
) -> None:
    entries = site.get("/queries").json()
    assert [entry["id"] for entry in entries] == list(library)
    (first,) = (entry for entry in entries if entry["id"] == "C01")
    assert first["href"] == "/queries/C01"
    assert first["parameters"][0]["name"] == "top"
    page = site.get("/queries", BROWSER).text
    assert all(f'href="/queries/{name}"' in page for name in library)


def test_no_query_has_a_parameter_that_the_routes_use_themselves(library: Library) -> None:
    names = {parameter.name for query in library.values() for parameter in query.parameters}
    assert names.isdisjoint({"format", "id", "query"})


def test_every_query_has_a_page_that_shows_its_answer(site: Site, library: Library) -> None:
    for query in library.values():
        page = site.get(f"/queries/{query.id}", BROWSER)
        assert page.status_code == 200, query.id
        assert 'class="message wrong"' not in page.text, query.id


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.1, application/json", "application/sparql-results+json"),
        (BROWSER, "text/html"),
    ],
)
def test_rows_come_in_the_format_that_is_asked_for(
    site: Site, accept: str, media_type: str
) -> None:
    answer = site.get("/queries/C01", accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert "accept" in answer.headers["vary"].lower()


def test_format_in_the_address_wins_over_the_header(site: Site) -> None:
    answer = site.get("/queries/C01?format=csv", BROWSER)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0].keys() == {"dataset", "name", "papers"}
    assert [row["name"] for row in rows][:2] == ["CoNLL-2003", "OntoNotes 5.0"]


def test_triples_come_as_rdf(site: Site) -> None:
    turtle = site.get("/queries/A08?model=model/bert")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    graph = rdflib.Graph().parse(data=turtle.text, format="turtle")
    subject = rdflib.URIRef("https://w3id.org/fairpapers/id/model/bert")
    assert (subject, rdflib.SKOS.prefLabel, rdflib.Literal("BERT")) in graph
    lines = site.get("/queries/A08?model=model/bert&format=nt").text
    assert len(rdflib.Graph().parse(data=lines, format="nt")) == len(graph)


def test_the_answers_other_formats_are_linked_with_the_parameters_kept(site: Site) -> None:
    header = site.get("/queries/C01?top=1").headers["link"]
    links = dict(re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', header))
    assert links["/queries/C01?top=1&format=csv"] == "text/csv"
    for link, media_type in links.items():
        assert site.get(link).headers["content-type"].startswith(media_type)


def test_parameters_are_bound(site: Site) -> None:
    rows = site.get("/queries/C01?top=1").json()["results"]["bindings"]
    assert len(rows) == 1
    rows = site.get("/queries/F02", params=F02).json()["results"]["bindings"]
    assert [row["name"]["value"] for row in rows][:1] == ["SpanForge"]


def test_a_question_is_answered_yes_or_no(site: Site) -> None:
    assert site.get("/queries/A07?dataset=dataset/squad").json()["boolean"] is True
    assert site.get("/queries/A07?dataset=dataset/none").json()["boolean"] is False
    assert "<strong>Yes</strong>" in site.get("/queries/A07?dataset=dataset/squad", BROWSER).text


def test_a_query_is_found_by_its_id_in_lower_case_and_by_its_name(site: Site) -> None:
    assert site.get("/queries/c01?format=csv").text == site.get("/queries/C01?format=csv").text
    assert site.get("/queries/most-used-datasets?top=1").status_code == 200


@pytest.mark.parametrize(
    ("path", "parameter", "words"),
    [
        ("/queries/C01?top=many", "top", "whole number"),
        ("/queries/C01?top=0", "top", "1"),
        ("/queries/C01?top=1000000", "top", "1000"),
        ("/queries/C01?limit=5", "limit", "no parameter"),
        ("/queries/A06?dataset=not an iri", "dataset", "IRI"),
        ("/queries/A06?dataset=http://x>%20}%20UNION%20{?a%20?b%20?c", "dataset", "IRI"),
    ],
)
def test_a_wrong_parameter_is_named(site: Site, path: str, parameter: str, words: str) -> None:
    problem = site.get(path)
    assert problem.status_code == 400
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"].endswith("/invalid-parameter")
    assert problem.json()["parameter"] == parameter
    assert words in problem.json()["detail"]


def test_a_page_shows_a_wrong_parameter_at_its_field(site: Site) -> None:
    page = site.get("/queries/C01?top=many", BROWSER)
    assert page.status_code == 400
    assert 'class="field wrong"' in page.text
    assert 'value="many"' in page.text


@pytest.mark.parametrize(
    "text",
    ['" } INSERT DATA { <a:b> <a:b> <a:b> } #', "\\u0022 ?x", "'''", 'x" UNION { ?s ?p ?o } #'],
)
def test_text_in_a_parameter_stays_text(site: Site, text: str) -> None:
    answer = site.get("/queries/A05", params={"text": text, "format": "csv"})
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == 1


def test_values_are_escaped_on_the_page(site: Site) -> None:
    page = site.get("/queries/A05", BROWSER, params={"text": '"><script>alert(1)</script>'})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_an_unknown_query_is_answered_with_those_that_look_like_it(site: Site) -> None:
    problem = site.get("/queries/C11")
    assert problem.status_code == 404
    assert problem.json()["type"].endswith("/unknown-query")
    assert "C01" in problem.json()["near"]
    assert 'href="/queries/C01"' in site.get("/queries/C11", BROWSER).text
    assert site.get("/queries/C11/text").status_code == 404


@pytest.mark.parametrize("path", ["/queries/C01?format=ttl", "/queries/A08?format=csv"])
def test_a_format_that_does_not_fit_is_refused_with_those_that_do(site: Site, path: str) -> None:
    problem = site.get(path)
    assert problem.status_code == 406
    assert problem.json()["available"]


def test_no_acceptable_format_is_refused(site: Site) -> None:
    assert site.get("/queries/C01", "image/png").status_code == 406
    assert site.get("/queries", "image/png").status_code == 406


def test_the_text_is_the_file(site: Site, library: Library) -> None:
    for query in library.values():
        answer = site.get(f"/queries/{query.id}/text")
        assert answer.headers["content-type"] == "application/sparql-query; charset=utf-8"
        path = library_folder() / f"{query.id}-{query.slug}.rq"
        assert answer.content == path.read_bytes()


def test_columns_say_what_stands_in_them(site: Site) -> None:
    page = site.get("/queries/C01", BROWSER).text
    assert 'title="how many papers use it">papers</th>' in page


def test_fields_offer_what_the_graph_holds(site: Site) -> None:
    page = site.get("/queries/A06", BROWSER).text
    assert '<option value="dataset/squad" label="SQuAD">' in page


def test_the_page_links_to_the_editor_with_the_same_parameters(site: Site) -> None:
    page = site.get("/queries/F02", BROWSER, params=F02).text
    (link,) = re.findall(r'href="(/editor\?[^"]*)"', page)
    editor = site.get(link.replace("&amp;", "&"), BROWSER).text
    assert "&lt;https://w3id.org/fairpapers/id/dataset/conll-2003&gt;" in editor
