"""Nanopublications are valid, signed with the user's key alone, and the same each time."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from Crypto.PublicKey import RSA
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from fairpapers.graph.errors import KeyUnusable, NanopubMissing
from fairpapers.graph.export.nanopublications import (
    NANOPUBLICATIONS_FILE,
    NP,
    PLACEHOLDER,
    Nanopublications,
)
from fairpapers.graph.export.signing import KeySigner, literals_as_written, orcid_iri
from fairpapers.ontology.terms import FP, PREFIXES

from .conftest import Export

if TYPE_CHECKING:
    from nanopub.nanopub import Nanopub

# The package and rdflib itself use what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ORCID = "https://orcid.org/0000-0002-1825-0097"


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "id_rsa"
    path.write_bytes(RSA.generate(2048).export_key("PEM", pkcs=8))
    return path


def written(folder: Path) -> bytes:
    return gzip.decompress((folder / NANOPUBLICATIONS_FILE).read_bytes())


@pytest.fixture(autouse=True)
def literals() -> Iterator[None]:
    """The tests of other files want literals as rdflib reads them elsewhere."""
    with literals_as_written():
        yield


def each(trig: bytes) -> Iterator[Nanopub]:
    """Every nanopublication of a file, as the package for them reads it."""
    from nanopub.nanopub import Nanopub

    store = Store()
    store.load(trig, format=RdfFormat.TRIG)
    contains = NamedNode(NP + "Nanopublication")
    for found in store.quads_for_pattern(None, None, contains, None):
        graph = rdflib.ConjunctiveGraph()
        prefix = str(found.graph_name).strip("<>").removesuffix("Head")
        for quad in store:
            if str(quad.graph_name).strip("<>").startswith(prefix):
                graph.parse(data=f"{quad} .", format="nquads")
        yield Nanopub(rdf=graph)


def test_every_confident_claim_and_result_is_one(export: Export, tmp_path: Path) -> None:
    export(tmp_path / "r", (Nanopublications(0.95),))
    data = Store()
    data.load(
        gzip.decompress((tmp_path / "r" / "data" / "graph.nq.gz").read_bytes()),
        format=RdfFormat.N_QUADS,
    )
    confident = {
        quad.subject
        for quad in data.quads_for_pattern(None, NamedNode(FP.confidence), None, None)
        if isinstance(quad.object, Literal)
        and Decimal(quad.object.value) >= Decimal("0.95")
        and ("/c/" in str(quad.subject) or "/r/" in str(quad.subject))
    }
    store = Store()
    store.load(written(tmp_path / "r"), format=RdfFormat.TRIG)
    source = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
    sources = {
        quad.object
        for quad in store.quads_for_pattern(None, source, None, None)
        if str(quad.graph_name).endswith("pubinfo>")
    }
    assert sources == confident
    assert len(confident) > 5


def test_a_template_is_valid_and_the_same_each_time(export: Export, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(tmp_path / name, (Nanopublications(0.98),))
    assert written(tmp_path / "a") == written(tmp_path / "b")
    found = list(each(written(tmp_path / "a")))
    assert found
    for nanopub in found:
        assert nanopub.is_valid
        assert str(nanopub.metadata.np_uri).startswith(PLACEHOLDER)
        assert nanopub.signed_with_public_key is None


def test_a_signed_one_has_a_trusty_iri_and_the_signature_of_the_key(
    export: Export, tmp_path: Path, key: Path
) -> None:
    for name in ("a", "b"):
        export(tmp_path / name, (Nanopublications(0.98, KeySigner(key, ORCID, "Josiah")),))
    assert written(tmp_path / "a") == written(tmp_path / "b")
    public = RSA.import_key(key.read_bytes()).public_key().export_key().decode()
    trig = written(tmp_path / "a")
    assert PLACEHOLDER.encode() not in trig
    found = list(each(trig))
    assert found
    for nanopub in found:
        assert nanopub.is_valid
        assert nanopub.has_valid_trusty
        assert nanopub.has_valid_signature
        assert str(nanopub.signed_with_public_key) in public.replace("\n", "")
        assert (None, rdflib.DCTERMS.creator, rdflib.URIRef(ORCID)) in nanopub.pubinfo
    secret = "".join(key.read_text().splitlines()[1:-1])
    assert secret[100:140].encode() not in trig


def test_a_file_that_is_no_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "id_rsa"
    path.write_text("hunter2 is my secret")
    with pytest.raises(KeyUnusable, match="no private RSA key") as caught:
        KeySigner(path, ORCID, "Josiah")
    assert "hunter2" not in str(caught.value)


def test_without_the_package_the_error_says_what_to_install(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nanopub.nanopub_conf", None)
    with pytest.raises(NanopubMissing, match=r"pip install 'fairpapers\[nanopub\]'"):
        KeySigner(key, ORCID, "Josiah")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("0000-0002-1825-0097", ORCID),
        (ORCID, ORCID),
        ("0000-0002-1694-233X", "https://orcid.org/0000-0002-1694-233X"),
    ],
)
def test_an_orcid_may_be_bare_or_an_iri(given: str, wanted: str) -> None:
    assert orcid_iri(given) == wanted


@pytest.mark.parametrize("given", ["", "0000-0002-1825-0098", "1825-0097", "https://example.org/"])
def test_a_wrong_orcid_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="ORCID iD"):
        orcid_iri(given)


def test_a_changed_word_breaks_the_signature(export: Export, tmp_path: Path, key: Path) -> None:
    """Shows that the validity of a signed one is more than its form."""
    export(tmp_path / "r", (Nanopublications(0.98, KeySigner(key, ORCID, "Josiah")),))
    forged = written(tmp_path / "r").replace(b"fp:uses", b"fp:introduces")
    assert forged != written(tmp_path / "r")
    with pytest.raises(ValueError, match="not valid"):
        assert all(nanopub.has_valid_trusty for nanopub in each(forged))


def test_signing_leaves_the_literals_of_others_alone(key: Path) -> None:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = True
    try:
        KeySigner(key, ORCID, "Josiah Carberry")
        assert rdflib.NORMALIZE_LITERALS
    finally:
        rdflib.NORMALIZE_LITERALS = before
