"""One key for the same paper, another for another."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.corpus.identity import (
    fold_title,
    normalize_anthology,
    normalize_arxiv,
    normalize_doi,
    normalize_pmid,
    paper_key,
)

suffixes = st.text("abcxyzABCXYZ0189.-_/():;é", min_size=1, max_size=20)
dois = st.builds("10.{}/{}".format, st.integers(1000, 99999), suffixes)
arxiv_ids = st.one_of(
    st.builds("{:02d}{:02d}.{:05d}".format, *map(st.integers, (0, 1, 0), (99, 12, 99999))),
    st.builds("{}/{:07d}".format, st.sampled_from(["cs", "hep-th", "math"]), st.integers(0, 9999)),
)


def ascii_upper(text: str) -> str:
    return text.encode().upper().decode()


@pytest.mark.parametrize(
    "written",
    [
        "10.18653/v1/W19-3630",
        "doi:10.18653/V1/W19-3630",
        "DOI: 10.18653/v1/w19-3630",
        "https://doi.org/10.18653/v1/W19-3630",
        "http://dx.doi.org/10.18653%2Fv1%2FW19-3630",
        "  10.18653/v1/W19-3630\n",
    ],
)
def test_a_doi_is_one_however_it_is_written(written: str) -> None:
    assert paper_key(doi=written, title="any") == "doi:10.18653/v1/w19-3630"


@pytest.mark.parametrize("written", ["", "n/a", "10.1/x", "doi:", "10.18653", "11.1000/x y"])
def test_what_is_no_doi_is_not_taken_for_one(written: str) -> None:
    assert normalize_doi(written) is None
    assert paper_key(doi=written, title="any").startswith("title:")


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("2401.00001", "2401.00001"),
        ("arXiv:2401.00001v12", "2401.00001"),
        ("https://arxiv.org/abs/0704.0001v1", "0704.0001"),
        ("http://www.arxiv.org/pdf/2401.00001.pdf", "2401.00001"),
        ("cs/0112017", "cs/0112017"),
        ("math.GT/0309136v2", "math/0309136"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("oai:arXiv.org:2401.00001", "2401.00001"),
        ("oai:arXiv.org:math/0309136", "math/0309136"),
    ],
)
def test_an_arxiv_identifier_loses_version_and_prefix(written: str, bare: str) -> None:
    assert normalize_arxiv(written) == bare


@pytest.mark.parametrize("written", ["2413.00001", "2401.1", "cs/12", "https://arxiv.org/"])
def test_what_is_no_arxiv_identifier_is_not_taken_for_one(written: str) -> None:
    assert normalize_arxiv(written) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2021.emnlp-main.330", "2021.emnlp-main.330"),
        ("2021.EMNLP-main.330", "2021.emnlp-main.330"),
        ("https://aclanthology.org/2021.emnlp-main.330/", "2021.emnlp-main.330"),
        ("https://www.aclweb.org/anthology/P19-1012.pdf", "P19-1012"),
        ("w19-3630", "W19-3630"),
        ("W19-36.30", "W19-3630"),
        ("W19-3.5", "W19-0305"),
        ("P19-1.12", "P19-1012"),
        ("D19-6.7", "D19-0607"),
        ("D19-1.7", "D19-1007"),
        ("L04-1.151", "L04-1151"),
    ],
)
def test_an_anthology_identifier_has_one_spelling(written: str, canonical: str) -> None:
    assert normalize_anthology(written) == canonical
    assert paper_key(anthology=written, title="any") == f"acl:{canonical}"


@pytest.mark.parametrize("written", ["p001", "W19", "2021.emnlp", "P19-10.1234", "W19-36.300"])
def test_what_is_no_anthology_identifier_is_not_taken_for_one(written: str) -> None:
    assert normalize_anthology(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "31452104",
        "PMID: 31452104",
        "pmid:031452104",
        "https://pubmed.ncbi.nlm.nih.gov/31452104/",
        "https://www.ncbi.nlm.nih.gov/pubmed/31452104",
    ],
)
def test_a_pubmed_identifier_is_one_however_it_is_written(written: str) -> None:
    assert paper_key(pmid=written, title="any") == "pmid:31452104"


@pytest.mark.parametrize("written", ["", "0", "PMC6748294", "1234567890", "31 452 104", "٣"])
def test_what_is_no_pubmed_identifier_is_not_taken_for_one(written: str) -> None:
    assert normalize_pmid(written) is None
    assert paper_key(pmid=written, title="any").startswith("title:")


def test_the_stronger_identifier_wins() -> None:
    everything = {"doi": "10.1000/a", "arxiv": "2401.00001", "anthology": "P19-1012", "pmid": "7"}
    for field, key in [
        ("doi", "doi:10.1000/a"),
        ("arxiv", "arxiv:2401.00001"),
        ("anthology", "acl:P19-1012"),
        ("pmid", "pmid:7"),
    ]:
        assert paper_key(**everything, title="T") == key
        del everything[field]


def test_an_arxiv_doi_is_the_arxiv_paper() -> None:
    assert paper_key(doi="10.48550/arXiv.2401.00001", title="T") == "arxiv:2401.00001"
    assert paper_key(doi="https://doi.org/10.48550/arxiv.cs/0112017", title="T") == (
        "arxiv:cs/0112017"
    )


def test_an_arxiv_doi_without_arxiv_identifier_stays_a_doi() -> None:
    assert paper_key(doi="10.48550/arXiv.draft", title="T") == "doi:10.48550/arxiv.draft"


def test_a_title_is_the_last_resort() -> None:
    digest = hashlib.sha256(b"give me bf16 or not").hexdigest()
    assert paper_key(title='"Give me BF16" — or not?') == f"title:{digest[:16]}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R2D2: Reducing", "r2d2 -- REDUCING!"),
        ("ﬁne-tuning", "fine tuning"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "CAFÉ"),
        ("Ⅳ models", "iv Models"),
    ],
)
def test_titles_that_read_alike_are_one(one: str, other: str) -> None:
    assert fold_title(one) == fold_title(other)


@pytest.mark.parametrize(("one", "other"), [("कि", "का"), ("数据", "数学"), ("?", "!")])
def test_titles_that_differ_stay_apart_in_any_script(one: str, other: str) -> None:
    assert paper_key(title=one) != paper_key(title=other)


@given(dois, st.sampled_from(["", "doi:", "DOI: ", "https://doi.org/", "HTTP://DX.DOI.ORG/"]))
def test_doi_keys_ignore_case_and_prefix(doi: str, prefix: str) -> None:
    plain = paper_key(doi=doi, title="")
    assert paper_key(doi=prefix + doi, title="") == plain
    assert paper_key(doi=ascii_upper(doi), title="") == plain


@given(dois, dois)
def test_distinct_dois_have_distinct_keys(one: str, other: str) -> None:
    same = ascii_upper(one) == ascii_upper(other)
    assert (paper_key(doi=one, title="") == paper_key(doi=other, title="")) == same


@given(arxiv_ids, st.integers(1, 20))
def test_arxiv_keys_ignore_version_prefix_and_doi_form(identifier: str, version: int) -> None:
    key = f"arxiv:{identifier}"
    for written in (identifier, f"arXiv:{identifier}v{version}", f"{identifier.upper()}"):
        assert paper_key(arxiv=written, title="") == key
    assert paper_key(doi=f"10.48550/arXiv.{identifier}", title="") == key


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_any_text_gives_a_key_that_names_its_kind(
    doi: str, arxiv: str, acl: str, pmid: str, title: str
) -> None:
    key = paper_key(doi=doi, arxiv=arxiv, anthology=acl, pmid=pmid, title=title)
    assert key.split(":")[0] in {"doi", "arxiv", "acl", "pmid", "title"}
    assert not any(char.isspace() for char in key)


@given(st.text())
def test_folding_a_title_twice_changes_nothing(title: str) -> None:
    assert fold_title(fold_title(title)) == fold_title(title)
