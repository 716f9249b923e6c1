"""The course on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fairpapers.queries.course import load_course

Run = Any


def test_without_arguments_the_units_are_listed(run: Run) -> None:
    done = run("learn")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 13
    assert lines[3].startswith("3     First queries")


def test_a_unit_shows_its_worked_queries_with_answers_and_no_key(run: Run) -> None:
    done = run("learn", "4")
    assert done.exit_code == 0
    assert "Rephrasing the Web" in done.stdout
    assert "## Exercise 4.4: Repair the join" in done.stdout
    assert load_course().keys["4.4"].answer not in done.stdout


def test_a_teacher_sees_the_key(run: Run) -> None:
    done = run("learn", "4", "--teacher")
    assert load_course().keys["4.4"].answer in done.stdout
    assert "## For teachers" in done.stdout


def test_a_right_answer_ends_with_0_and_a_wrong_one_with_1(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text(load_course().keys["3.1"].answer)
    assert run("learn", "check", "3", "1", file).exit_code == 0
    file.write_text("SELECT ?model { fp:Model a ?model }")
    done = run("learn", "check", "3", "1", file)
    assert done.exit_code == 1
    assert "swap subject and object" in done.stderr


def test_an_answer_comes_from_standard_input_too(run: Run) -> None:
    done = run("learn", "check", "3", "4", "-", input="ASK { ?paper fp:uses dataset:litsearch }")
    assert (done.exit_code, done.stdout) == (0, "no\n")


def test_wrong_use_says_what_would_be_right(run: Run) -> None:
    assert "there are 1, 2, 3" in run("learn", "13").stderr
    assert "check 3 2 mine.rq" in run("learn", "check", "3").stderr
    assert run("learn", "1", "2").exit_code == 2
    assert run("learn", "1", "--notebooks", "x").exit_code == 2


def test_notebooks_are_written_and_named(run: Run, tmp_path: Path) -> None:
    done = run("learn", "--notebooks", tmp_path / "lessons")
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert len(paths) == 12
    assert all(path.is_file() for path in paths)
    assert paths[2].name == "03-first-queries.ipynb"


def test_the_planted_faults_are_reported_and_a_file_in_order_is_not(
    run: Run, tmp_path: Path
) -> None:
    done = run("learn", "shapes")
    assert (done.exit_code, len(done.stdout.splitlines())) == (1, 8)
    file = tmp_path / "mine.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .")
    assert run("learn", "shapes", file).exit_code == 0
    assert run("learn", "shapes", file, file).exit_code == 2
    file.write_text("nonsense")
    assert "no Turtle" in run("learn", "shapes", file).stderr
