"""Every notebook of the course runs, without a network, and shows no answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from fairpapers.queries.course import Unit, load_course
from fairpapers.queries.course.notebooks import write_notebooks

COURSE = load_course()


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    write_notebooks(COURSE, folder)
    return folder


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("unit", COURSE.units, ids=lambda unit: unit.slug)
def test_a_notebook_runs_and_answers_its_worked_queries(unit: Unit, folder: Path) -> None:
    document = read(folder / f"{unit.slug}.ipynb")
    nbformat.validate(document)
    NotebookClient(document, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    code = [cell for cell in document.cells if cell.cell_type == "code"]
    worked = [cell for cell in code if cell.source.startswith("%%sparql")]
    assert len(worked) == 3
    for cell in worked:
        (output,) = cell.outputs
        assert output.output_type == "execute_result"
    for cell in code:
        if cell.source.startswith("%%exercise"):
            assert cell.outputs[0].text.startswith("Not yet: ")


def test_learners_get_no_answers_and_teachers_do(folder: Path, tmp_path: Path) -> None:
    def source(path: Path) -> str:
        return "\n".join(cell.source for cell in read(path).cells)

    write_notebooks(COURSE, tmp_path, teacher=True)
    for unit in COURSE.units:
        learner = source(folder / f"{unit.slug}.ipynb")
        teacher = source(tmp_path / f"{unit.slug}.ipynb")
        for exercise in unit.exercises:
            answer = COURSE.keys[exercise.id].answer.strip()
            assert answer not in learner
            assert answer in teacher
        assert unit.teacher not in learner
        assert unit.teacher in teacher


def test_the_same_course_makes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for path in write_notebooks(COURSE, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()
