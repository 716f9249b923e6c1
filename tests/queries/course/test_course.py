"""Units, worked queries, answer key and data of the course belong together."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pyoxigraph as ox
import pytest

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import FP, PREFIXES
from fairpapers.queries import Library, Table, Triples, Truth
from fairpapers.queries.course import CourseStore, Unit, check, data_text, load_course
from fairpapers.queries.course.picture import picture, unit_picture
from fairpapers.queries.course.reading import read_key, read_unit
from fairpapers.queries.course.sample import sample_turtle
from fairpapers.queries.course.showing import worked_answers
from fairpapers.queries.errors import CourseError, UnknownLessonError

COURSE = load_course()
EXERCISES = [exercise for unit in COURSE.units for exercise in unit.exercises]
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{number}-{mistake.cause}")
    for exercise in EXERCISES
    for number, mistake in enumerate(COURSE.keys[exercise.id].mistakes)
]
UNITS = [pytest.param(unit, id=unit.slug) for unit in COURSE.units]


def test_the_course_has_twelve_units_in_order() -> None:
    assert [unit.number for unit in COURSE.units] == list(range(1, 13))


def test_every_answer_belongs_to_an_exercise_and_has_wrong_ones() -> None:
    assert sorted(COURSE.keys) == sorted(exercise.id for exercise in EXERCISES)
    assert all(len(key.mistakes) >= 1 for key in COURSE.keys.values())


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_answer_key_passes_its_own_check(exercise: object) -> None:
    found = next(each for each in EXERCISES if each is exercise)
    verdict = check(COURSE, found, COURSE.keys[found.id].answer)
    assert verdict.right, str(verdict)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_usual_mistake_fails_with_its_cause_and_its_hint(
    exercise: object, mistake: object
) -> None:
    found = next(each for each in EXERCISES if each is exercise)
    wrong = next(each for each in COURSE.keys[found.id].mistakes if each is mistake)
    verdict = check(COURSE, found, wrong.answer)
    assert not verdict.right
    assert verdict.cause == wrong.cause, str(verdict)
    assert wrong.says in verdict.message


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_what_a_learner_starts_with_is_not_right_already(exercise: object) -> None:
    found = next(each for each in EXERCISES if each is exercise)
    assert not check(COURSE, found, found.start).right


@pytest.mark.parametrize("unit", UNITS)
def test_every_worked_query_has_an_answer_on_the_sample(unit: Unit, library: Library) -> None:
    for shown in worked_answers(unit, library):
        match shown.answer:
            case Table(rows=rows):
                assert rows, shown.worked.title
            case Triples(triples=triples):
                assert triples, shown.worked.title
            case Truth(value=value):
                assert value, shown.worked.title


@pytest.mark.parametrize("unit", UNITS)
def test_the_picture_of_a_unit_shows_its_triples_and_is_the_same_each_time(unit: Unit) -> None:
    drawn = unit_picture(unit)
    store = CourseStore.of("sample")
    root = ET.fromstring(drawn)
    lines = [each for each in root.iter() if each.tag.endswith("line")]
    assert 2 <= len(lines) == len(store.construct(unit.picture))
    assert drawn == unit_picture(unit)


def test_text_in_a_picture_is_no_markup() -> None:
    node = ox.NamedNode("urn:a")
    literal = ox.Literal("<script>&")
    drawn = picture([ox.Triple(node, ox.NamedNode("urn:p"), literal)], "a < b")
    assert "<script>" not in drawn
    ET.fromstring(drawn)


def test_a_circle_of_triples_is_drawn() -> None:
    a, b, p = ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:p")
    ET.fromstring(picture([ox.Triple(a, p, b), ox.Triple(b, p, a)], "circle"))


@pytest.fixture(scope="module")
def demo(root: Path, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    lines = (root / "tests/queries/demo_records.jsonl").read_text("utf-8").splitlines()
    directory = tmp_path_factory.mktemp("demo")
    build_graph([Record.from_json(line) for line in lines], directory)
    return EmbeddedStore(current_snapshot(directory).store)


def test_the_sample_is_the_subset_that_make_golden_writes(demo: EmbeddedStore) -> None:
    assert data_text("sample") == sample_turtle(demo)


def test_each_triple_of_the_sample_is_in_the_demo_graph(demo: EmbeddedStore) -> None:
    for quad in ox.parse(data_text("sample").encode(), format=ox.RdfFormat.TURTLE):
        assert demo.ask(f"ASK {{ {quad.subject} {quad.predicate} {quad.object} }}"), str(quad)


def test_the_sample_is_small_connected_and_has_every_class_of_the_lessons() -> None:
    quads = list(ox.parse(data_text("sample").encode(), format=ox.RdfFormat.TURTLE))
    assert 250 <= len(quads) <= 350
    rdf_type = PREFIXES["rdf"] + "type"
    classes = {quad.object.value for quad in quads if quad.predicate.value == rdf_type}
    wanted = ("Paper", "Dataset", "Model", "Method", "Metric", "Task", "Result", "Size")
    evidence = ("Claim", "Mention", "SourceText", "ExtractionActivity")
    assert {getattr(FP, name) for name in (*wanted, *evidence)} <= classes
    near: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value != rdf_type and isinstance(quad.object, ox.NamedNode):
            near.setdefault(str(quad.subject), set()).add(str(quad.object))
            near.setdefault(str(quad.object), set()).add(str(quad.subject))
    reached, waiting = set[str](), [min(near)]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += near[node]
    assert {str(quad.subject) for quad in quads} <= reached


def test_a_query_of_a_lesson_asks_no_other_server() -> None:
    verdict = check(COURSE, COURSE.exercise("3.1"), "SELECT * { SERVICE <http://x/> { ?a ?b ?c } }")
    assert not verdict.right
    assert "SERVICE" in verdict.message


def test_an_unknown_unit_or_exercise_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UnknownLessonError, match="no unit '13'; there are 1, 2"):
        COURSE.unit(13)
    with pytest.raises(UnknownLessonError, match=r"no exercise '3.9'"):
        COURSE.exercise("3.9")


def test_a_fault_in_a_unit_is_told_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    path.write_text("---\nnumber: 1\n---\n## Nonsense\nx\n")
    with pytest.raises(CourseError, match=r"01\.md:4: no section is called 'Nonsense'"):
        read_unit(path)
    path.write_text("---\nnumber: 1\n---\n## Text\nx\n")
    with pytest.raises(CourseError, match=r"01\.md:1: title: Field required"):
        read_unit(path)
    path.write_text("no front matter")
    with pytest.raises(CourseError, match="no front matter"):
        read_unit(path)


def test_a_fault_in_a_key_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    path.write_text("## 1.1\nno block\n")
    with pytest.raises(CourseError, match="no code block"):
        read_key(path)
    path.write_text("## 1.1\n```sparql\nASK {}\n```\n### nonsense: x\n```sparql\nASK {}\n```\n")
    with pytest.raises(CourseError, match=r"1\.1: Input should be"):
        read_key(path)
