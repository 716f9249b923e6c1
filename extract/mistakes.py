"""Where the pipeline errs: labels confused, borders missed, the most frequent mistakes.

``python -m fairpapers.extract.mistakes GOLD`` prints the tables as Markdown; with ``--write FILE``
it puts them between the marks of that file. The recogniser must not have been trained on GOLD.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import click
from spacy.language import Language

from .errors import MarksError
from .evaluation import fold
from .gold import GoldPaper, LabelledSpan, load_gold
from .pipeline import load_pipeline
from .pipeline.extraction import analysed_text
from .pipeline.mentions import Candidate, read_mentions
from .records import LABELS, Label

Kind = Literal["right", "missed", "invented", "longer", "shorter", "crossing", "wrong label"]
KINDS: tuple[Kind, ...] = ("wrong label", "longer", "shorter", "crossing", "missed", "invented")
MOST_FREQUENT = 20
_BEGIN, _END = "<!-- mistakes: begin -->", "<!-- mistakes: end -->"
_BLOCK = re.compile(f"{_BEGIN}\n.*?{_END}", re.DOTALL)


class Compared(NamedTuple):
    """An annotated mention beside what was found there; one of the two may be missing.

    ``longer``, ``shorter`` and ``crossing`` tell how the borders of what was found differ from the
    annotated ones; the labels may differ as well.
    """

    kind: Kind
    wanted: LabelledSpan | None
    found: Candidate | None


def compare(wanted: Sequence[LabelledSpan], found: Sequence[Candidate]) -> Iterator[Compared]:
    """Pair what was annotated with what was found in one text, each at most once.

    The same borders go first, then the largest overlaps; what is left is missed or invented. No
    two of ``wanted`` overlap, nor of ``found``.
    """
    overlaps = sorted(
        (-_shared(w, f), w.start, w, f) for w in wanted for f in found if _shared(w, f) > 0
    )
    overlaps.sort(key=lambda pair: (pair[2].start, pair[2].end) != (pair[3].start, pair[3].end))
    left_w, left_f = set(wanted), set(found)
    for _, _, w, f in overlaps:
        if w in left_w and f in left_f:
            left_w.remove(w)
            left_f.remove(f)
            yield Compared(_difference(w, f), w, f)
    yield from (Compared("missed", w, None) for w in sorted(left_w))
    yield from (Compared("invented", None, f) for f in sorted(left_f))


def _shared(one: LabelledSpan, other: Candidate) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _difference(wanted: LabelledSpan, found: Candidate) -> Kind:
    if (wanted.start, wanted.end) == (found.start, found.end):
        return "right" if wanted.label == found.label else "wrong label"
    if found.start <= wanted.start and wanted.end <= found.end:
        return "longer"
    return "shorter" if wanted.start <= found.start and found.end <= wanted.end else "crossing"


class Named(NamedTuple):
    """A comparison, with the annotated name and the name found; empty where there is none."""

    compared: Compared
    wanted: str
    found: str
    paper: str


def compare_papers(papers: Sequence[GoldPaper], nlp: Language) -> list[Named]:
    """Run the pipeline over annotated papers and compare every mention."""
    named = []
    for paper, doc in zip(papers, nlp.pipe(analysed_text(p.paper()) for p in papers), strict=True):
        text = paper.text
        for each in compare(sorted(paper.spans()), read_mentions(doc)):
            w, f = each.wanted, each.found
            named.append(
                Named(
                    each,
                    text[w.start : w.end] if w else "",
                    text[f.start : f.end] if f else "",
                    paper.id,
                )
            )
    return named


def report(named: Sequence[Named]) -> Iterator[str]:
    """Format the comparisons as Markdown, line by line."""
    compared = [each.compared for each in named]
    papers = len({each.paper for each in named})
    wanted = sum(each.wanted is not None for each in compared)
    found = sum(each.found is not None for each in compared)
    yield f"{papers} papers with {wanted} annotated mentions; {found} found."
    yield from ("", "### What was wanted, and what was found", "", *confusion(compared))
    yield from ("", "### Mistakes by kind", "", *kinds(compared))
    yield from ("", f"### The {MOST_FREQUENT} most frequent mistakes", "", *frequent(named))
    yield from ("", "### By what found the mention", "", *by_rule(compared))


def confusion(compared: Sequence[Compared]) -> Iterator[str]:
    """Table of annotated labels by found labels where the borders agree, and where they do not."""
    cells: Counter[tuple[str, str]] = Counter()
    for kind, wanted, found in compared:
        column = found.label if found else "nothing"
        border = wanted is not None and kind in ("longer", "shorter", "crossing")
        cells[wanted.label if wanted else "nothing", "other borders" if border else column] += 1
    columns = (*LABELS, "other borders", "nothing")
    yield _row("wanted \\ found", *columns)
    yield _row(*("---" for _ in range(len(columns) + 1)))
    for row in (*LABELS, "nothing"):
        yield _row(row, *(str(cells[row, column] or "") for column in columns))


def kinds(compared: Sequence[Compared]) -> Iterator[str]:
    """Table of the share of each kind of mistake, for all labels and each."""
    counts: Counter[tuple[str, Label]] = Counter(
        (kind, span.label)
        for kind, wanted, found in compared
        if kind != "right" and (span := wanted or found) is not None
    )
    yield _row("mistake", "number", "share %", *LABELS)
    yield _row(*("---" for _ in range(3 + len(LABELS))))
    total = sum(counts.values())
    for kind in KINDS:
        own = [counts[kind, label] for label in LABELS]
        yield _row(kind, str(sum(own)), f"{100 * sum(own) / max(total, 1):.1f}", *map(str, own))


def frequent(named: Sequence[Named], most: int = MOST_FREQUENT) -> Iterator[str]:
    """Table of the mistakes that occur most often, names folded; of equals those in more papers."""
    counts: Counter[tuple[str, str]] = Counter()
    papers: dict[tuple[str, str], set[str]] = defaultdict(set)
    shown: dict[tuple[str, str], tuple[str, str]] = {}
    for (kind, w, f), wanted, found, paper in named:
        if kind == "right":
            continue
        key = (
            f"{fold(wanted)} {w.label}" if w else "",
            f"{fold(found)} {f.label}" if f else "",
        )
        counts[key] += 1
        papers[key].add(paper)
        shown.setdefault(
            key,
            (f"{wanted}: {w.label}" if w else "nothing", f"{found}: {f.label}" if f else "nothing"),
        )
    yield _row("wanted", "found", "times", "papers")
    yield _row("---", "---", "---", "---")
    order = sorted(counts, key=lambda key: (-counts[key], -len(papers[key]), key))
    for key in order[:most]:
        yield _row(*(_cell(name) for name in shown[key]), str(counts[key]), str(len(papers[key])))


def by_rule(compared: Sequence[Compared]) -> Iterator[str]:
    """Table of what became of the mentions of each rule and of the recogniser."""
    counts: Mapping[str, Counter[str]] = defaultdict(Counter)
    for kind, _, found in compared:
        if found:
            counts[found.rule][kind] += 1
    columns = ("right", "wrong label", "longer", "shorter", "crossing", "invented")
    yield _row("found by", "mentions", "precision", *columns[1:])
    yield _row(*("---" for _ in range(3 + len(columns[1:]))))
    for rule, own in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])):
        share = f"{100 * own['right'] / own.total():.1f}"
        yield _row(rule, str(own.total()), share, *(str(own[kind]) for kind in columns[1:]))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(name: str) -> str:
    return name.replace("|", "\\|").replace("\n", " ")


def replace_block(path: Path, lines: Sequence[str]) -> None:
    """Put ``lines`` between the marks of a file.

    Raises:
        MarksError: the file has no such marks.
    """
    page = path.read_text(encoding="utf-8")
    block = "\n".join((_BEGIN, "", *lines, "", _END))
    changed, replaced = _BLOCK.subn(lambda _: block, page, count=1)
    if not replaced:
        raise MarksError(path, _BEGIN, _END)
    path.write_text(changed, encoding="utf-8")


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Another recogniser than the shipped one.",
)
@click.option(
    "--write",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Put the tables between the marks of this page instead of printing them.",
)
def main(gold: Path, model: Path | None, write: Path | None) -> None:
    """Tell where the pipeline errs on GOLD, which its recogniser must not have seen."""
    lines = list(report(compare_papers(load_gold(gold), load_pipeline(model))))
    if write is None:
        click.echo("\n".join(lines))
    else:
        replace_block(write, lines)
        click.echo(f"{write}: tables written")


if __name__ == "__main__":
    main()
