"""A fault in a query file is reported with the file, the line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairpapers.queries import LibraryError, UnknownQueryError, load_library

GOOD = """\
#+ id: A01
#+ title: Things of a kind
#+ question: Which things are of this kind?
#+ description: Lists them.
#+ group: First steps
#+ level: 1
#+ teaches: [SELECT]
#+ parameters:
#+   - name: kind
#+     type: iri
#+     label: Kind
#+     description: the IRI of a class
#+     default: http://example.org/Kind
#+   - name: top
#+     type: integer
#+     label: Rows
#+     description: how many
#+     default: 10
#+     minimum: 1
#+ columns:
#+   - {name: thing, type: iri, description: the thing}
#+ licence: CC0-1.0

# $this is a comment
SELECT ?thing
WHERE { ?thing a $kind }
ORDER BY ?thing
LIMIT $top
"""


def write(folder: Path, text: str, name: str = "A01-things.rq") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def faults(folder: Path) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        load_library(folder)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    assert all(len(fault.message) < 300 for fault in caught.value.faults)
    return [f"{fault.path.name}:{fault.line}: {fault.message}" for fault in caught.value.faults]


def test_a_file_without_fault_loads(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    query = load_library(tmp_path)["A01"]
    assert (query.form, query.slug, query.level) == ("SELECT", "things", 1)
    assert query.text.startswith("# $this is a comment\nSELECT")
    assert [each.default for each in query.parameters] == ["http://example.org/Kind", "10"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("level: 1", "level: 9", "6: level: Input should be less than or equal to 5"),
        ("#+ level: 1\n", "", "1: level: this field is missing"),
        ("#+ level: 1", "#+ level: 1\n#+ colour: red", "7: colour: there is no such field"),
        ("#+ level: 1", "#+ level: 1\n#+ level: 2", "7: level: this field stands twice"),
        ("    type: iri", "    type: url", "10: parameters.0.type: Input should be 'iri',"),
        ("    label: Kind\n", "", "9: parameters.0.label: this field is missing"),
        ("#+     label: Rows", "#+     labels: Rows", "14: parameters.1.label: this field is missing"),
        ("teaches: [SELECT]", "teaches: SELECT", "7: teaches: Input should be a valid tuple"),
        ("id: A01", "id: first", "1: id: String should match pattern"),
        ("question: Which", "question: a: Which", "3: front matter is no YAML: mapping values"),
        ("#+ id: A01", "#+ - A01", "2: front matter is no YAML"),
        ("Kind\n#+   - name: top", "Kind\n#+   - name: kind", "14: kind stands twice"),
        ("{name: thing", "{name: things", "20: columns are things, the query gives thing"),
        ("default: 10", "default: 0", "18: parameter top: '0' is not valid; expected a whole number"),
        ("http://example.org/Kind", "Kind", "13: parameter kind: 'Kind' is not valid; expected an abs"),
        ("a $kind", "a ?kind", "26: ?kind is the parameter $kind; rename one or write $kind"),
        ("a $kind", "a $sort", "26: $sort is no parameter; declare it or write ?sort"),
        ("a $kind", "a ?sort", "9: parameter kind is not used in the query"),
        ("#+     minimum: 1\n", "", "27: LIMIT $top needs a parameter of type integer with minimum"),
        ("WHERE {", "WHERE (", "26: column 7: expected"),
        ("SELECT ?thing\nWHERE", "WHERE", "24: wanted is SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("SELECT ?thing\nWHERE", "DESCRIBE ?thing\nWHERE", "20: columns are thing, the query gives none"),
        ("licence: CC0-1.0", "licence: CC0-1.0\n#+ next: A02", "23: no query 'A02' in the library; did"),
        ("licence: CC0-1.0", "licence: CC0-1.0\n#+ related: [A01]", "23: A01 is this query itself"),
        ("label: Kind", "label: Kind\n#+     values: SELECT ?value {}", "12: kind.values must SELECT ?value ?label"),
        ("label: Kind", "label: Kind\n#+     values: SELECT ?value ?", "12: kind.values: error at "),
        ("ORDER BY ?thing", "GROUP BY ?kinds", "29: column 1: expected one of"),
        ("#+ id", "# id", "1: no front matter; the first lines must be '#+ field: value'"),
    ],
)  # fmt: skip
def test_each_fault_names_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    found = faults(tmp_path)
    assert any(fault.startswith(f"A01-things.rq:{expected}") for fault in found), found


def test_all_faults_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("level: 1", "level: 0").replace("#+ group: First steps\n", ""))
    write(tmp_path, "SELECT * { ?s ?p ?o }", "A02-more.rq")
    assert len(faults(tmp_path)) == 3


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "A01-twin.rq")
    assert "A01-twin.rq:1: A01 is the id of A01-things.rq too" in faults(tmp_path)


def test_one_letter_has_one_group_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("id: A01", "id: A02"), "A02-things.rq")
    second = GOOD.replace("id: A01", "id: A03").replace("First steps", "Steps")
    write(tmp_path, second, "A03-things.rq")
    assert faults(tmp_path) == ["A03-things.rq:5: group A is named 'First steps' elsewhere"]


@pytest.mark.parametrize("name", ["things.rq", "A02-things.rq", "A01.rq", "A01things.rq"])
def test_the_file_is_named_after_its_id(tmp_path: Path, name: str) -> None:
    write(tmp_path, GOOD, name)
    assert faults(tmp_path) == [f"{name}:1: the file must be named A01-<words>.rq"]


def test_a_file_that_is_no_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / "A01-things.rq").write_bytes(b"#+ id: \xff\xfe")
    assert faults(tmp_path)[0].startswith("A01-things.rq:1: cannot be read as UTF-8 text")


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("#+ - A01\n#+ - level", "1: front matter must be lines of '#+ field: value'"),
        ("#+ just words", "1: front matter must be lines of '#+ field: value'"),
        ("#+ id: A\x01", "1: front matter is no YAML: unacceptable character"),
    ],
)
def test_front_matter_is_a_mapping(tmp_path: Path, front: str, expected: str) -> None:
    write(tmp_path, f"{front}\n\nASK {{}}\n")
    (fault,) = faults(tmp_path)
    assert fault.startswith(f"A01-things.rq:{expected}")


def test_a_folder_without_queries_is_no_library(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path.name}:1: no .rq file in this folder"]


def test_yaml_scalars_stay_as_written(tmp_path: Path) -> None:
    text = GOOD.replace("http://example.org/Kind", "no").replace(
        "type: iri\n#+     label", "type: string\n#+     label"
    )
    write(tmp_path, text)
    assert load_library(tmp_path)["A01"].parameters[0].default == "no"


def test_queries_are_found_by_id_in_any_case_and_by_slug(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    library = load_library(tmp_path)
    assert library.find("a01") is library.find("things") is library["A01"]
    assert list(library) == ["A01"]
    assert list(library.groups()) == ["First steps"]


def test_an_unknown_id_gets_a_suggestion(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    library = load_library(tmp_path)
    with pytest.raises(UnknownQueryError) as caught:
        library["A1"]
    assert str(caught.value) == "no query 'A1' in the library; did you mean A01?"
    assert caught.value.near == ("A01",)
    with pytest.raises(UnknownQueryError, match="there are A01"):
        library.find("zzz")
    assert library.get("zzz") is None
    assert "zzz" not in library
