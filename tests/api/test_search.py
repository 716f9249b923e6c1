"""Search over HTTP: JSON for programs, a page for people, an answer for whoever asks anything."""

from __future__ import annotations

from typing import Any

import pytest

Site = Any


def test_programs_get_json(site: Site) -> None:
    response = site.client.get("/search", params={"q": "conll", "kind": "dataset"})
    assert response.status_code == 200
    (hit,) = response.json()["hits"]
    assert hit["label"] == "CoNLL-2003"
    assert hit["iri"].endswith("/id/dataset/conll-2003")
    assert hit["papers"] == 3
    assert site.get(hit["page"], "text/html", follow_redirects=True).status_code == 200


def test_people_get_a_page_whose_links_lead_on(site: Site) -> None:
    response = site.client.get("/search", params={"q": "conll"}, headers={"Accept": "text/html"})
    assert (
        'href="/id/dataset/conll-2003"' in response.text or "/dataset/conll-2003" in response.text
    )
    assert 'value="conll"' in response.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onfocus="x', "' OR 1=1 --", "*"])
def test_no_text_becomes_anything_but_text(site: Site, text: str) -> None:
    page = site.client.get("/search", params={"q": text}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert '" onfocus="x' not in page.text
    assert site.client.get("/search", params={"q": text}).status_code == 200


def test_what_is_no_search_is_refused(site: Site) -> None:
    assert site.client.get("/search", params={"q": "a", "kind": "animal"}).status_code in (400, 422)
    assert site.client.get("/search", params={"q": "a", "limit": "0"}).status_code in (400, 422)
    assert site.client.get("/search", params={"q": "a" * 201}).status_code in (400, 422)
    assert site.client.get("/search").json() == {"query": "", "hits": []}


def test_browsers_can_add_the_search(site: Site) -> None:
    response = site.client.get("/opensearch.xml")
    assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    assert "/search?q={searchTerms}" in response.text
    page = site.client.get("/", headers={"Accept": "text/html"})
    assert 'href="/opensearch.xml"' in page.text
