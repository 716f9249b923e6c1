"""``fairpapers learn``: the course in the terminal and as notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .messages import say

if TYPE_CHECKING:
    from ...queries.course import Course, Unit

_WRONG = 1


@click.command()
@click.argument("what", metavar="[UNIT | check UNIT EXERCISE FILE | shapes [FILE]]", nargs=-1)
@click.option(
    "--notebooks",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the units as Jupyter notebooks into DIR; needs fairpapers[jupyter] to run them.",
)
@click.option("--teacher", is_flag=True, help="With the notes for teachers and the answer key.")
def command(what: tuple[str, ...], notebooks: Path | None, teacher: bool) -> None:
    """Learn SPARQL in twelve units, without a network.

    Without arguments it lists the units; UNIT shows one, with the answers of its worked queries.
    `check` reads what you wrote for an exercise from FILE (- for standard input) and says whether
    it is right, and if not, what the mistake may be. `shapes` says which constraints of the SHACL
    shapes a Turtle file breaks, or without FILE the graph with planted faults of unit 11.

    \b
    Examples:
      fairpapers learn
      fairpapers learn 3
      fairpapers learn check 3 2 mine.rq
      fairpapers learn shapes
      fairpapers learn --notebooks lessons

    \b
    Exit codes:
      0  shown, or the answer is right
      1  the answer is not right yet, or the file breaks a shape
      2  wrong use of the command line
    """
    from ...queries.course import load_course

    course = load_course()
    if notebooks is not None:
        if what:
            raise click.UsageError("--notebooks writes all units; leave UNIT out.")
        _write(course, notebooks, teacher=teacher)
    elif not what:
        _list(course)
    elif what[0] == "check":
        if len(what) != 4:
            raise click.UsageError("Give unit, exercise and file: check 3 2 mine.rq")
        _check(course, f"{what[1]}.{what[2]}", what[3])
    elif what[0] == "shapes":
        if len(what) > 2:
            raise click.UsageError("Give one file: shapes mine.ttl")
        _shapes(what[1] if len(what) == 2 else None)
    elif len(what) == 1:
        _show(course, course.unit(what[0]), teacher=teacher)
    else:
        raise click.UsageError("Give one unit, or: check UNIT EXERCISE FILE")


def _list(course: Course) -> None:
    from .answers import print_table

    rows = [
        (str(unit.number), unit.title, f"{unit.minutes} min", unit.goal) for unit in course.units
    ]
    print_table(("unit", "title", "time", "goal"), rows)


def _show(course: Course, unit: Unit, *, teacher: bool) -> None:
    from ...queries import load_library, render
    from ...queries.course.showing import worked_answers
    from .answers import width

    click.echo(
        f"# {unit.number}. {unit.title}\n\n{unit.goal} ({unit.minutes} minutes)\n\n{unit.text}"
    )
    for shown in worked_answers(unit, load_library()):
        worked = shown.worked
        click.echo(f"\n## Worked: {worked.title}\n\n{worked.text}\n\n{shown.query.rstrip()}\n")
        click.echo(render(shown.answer, "table", width=width()), nl=False)
    for exercise in unit.exercises:
        click.echo(f"\n## Exercise {exercise.id}: {exercise.title}\n\n{exercise.text}")
        if exercise.start:
            click.echo(f"\n{exercise.start.rstrip()}")
        click.echo("".join(f"\nHint {n}: {hint}" for n, hint in enumerate(exercise.hints, 1)))
        if teacher:
            click.echo(f"\nAnswer:\n{course.keys[exercise.id].answer.rstrip()}")
    click.echo("\n## Common mistakes\n")
    click.echo("\n".join(f"- {each}" for each in unit.mistakes))
    click.echo("\n## Key points\n")
    click.echo("\n".join(f"- {each}" for each in unit.points))
    if teacher:
        click.echo(f"\n## For teachers\n\n{unit.teacher}")


def _shapes(file: str | None) -> None:
    from ...queries.course import data_text
    from ...queries.course.shacl import faults

    text = data_text("faults") if file is None else _read(file)
    found = faults(text)
    for fault in found:
        click.echo(str(fault))
    say(f"{len(found)} constraints broken" if len(found) != 1 else "1 constraint broken")
    if found:
        raise SystemExit(_WRONG)


def _read(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return str(opened.read())
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8 at byte {error.start}") from error


def _check(course: Course, name: str, file: str) -> None:
    from ...queries import render
    from ...queries.course import check
    from .answers import width

    exercise = course.exercise(name)
    text = _read(file)
    verdict = check(course, exercise, text)
    if verdict.answer is not None:
        click.echo(render(verdict.answer, "table", width=width()), nl=False)
    say(str(verdict))
    if not verdict.right:
        raise SystemExit(_WRONG)


def _write(course: Course, folder: Path, *, teacher: bool) -> None:
    from ...queries.course.notebooks import write_notebooks

    for path in write_notebooks(course, folder, teacher=teacher):
        click.echo(path)
