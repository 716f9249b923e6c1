"""What a build leaves beside its store so that the graph can grow: settings and counts.

The file is no part of the graph. A snapshot that a SPARQL Update made has none, since such a graph
is no longer what its records say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from ..extract.records import LABELS, Label
from .errors import CannotGrow
from .links import Link
from .measures import PaperTally
from .quotation import Quotation
from .snapshot import Snapshot
from .statistics import ClassUse, PropertyUse, Statistics

_FILE: Final = "growth.json"
# Of the file and of what is counted; another one cannot be read.
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class State:
    """How a graph was built, and what was counted in it.

    Attributes:
        version: of fairpapers.
        content: the sum over its quads.
        min_confidence: what was less sure did not enter it.
        licence: IRI of the licence of its data.
        materialize_mentions: whether ``graph/inferred`` states mentions.
        links: given beside those that come with fairpapers.
        statistics: of its data graphs, and triples of every graph but ``meta``.
        papers: what is counted paper by paper.
    """

    version: str
    content: int
    min_confidence: float
    licence: str
    materialize_mentions: bool
    links: tuple[Link, ...]
    statistics: Statistics
    papers: PaperTally


def keep_state(state: State, snapshot: Path) -> None:
    """Write it into the directory of a snapshot."""
    tally, quotation = state.papers, state.papers.quotation
    content = {
        "format": _FORMAT,
        "version": state.version,
        "content": f"{state.content:064x}",
        "min_confidence": state.min_confidence,
        "licence": state.licence,
        "materialize_mentions": state.materialize_mentions,
        "links": [_written(link) for link in state.links],
        "statistics": asdict(state.statistics),
        "shares": [[metric, label, *of] for (metric, label), of in tally.shares.items()],
        "counts": dict(tally.counts),
        "quotation": {
            "texts": quotation.texts,
            "total": str(quotation.total),
            "at_length": quotation.at_length,
            "largest": quotation.largest,
        },
    }
    text = json.dumps(content, ensure_ascii=False) + "\n"
    (snapshot / _FILE).write_text(text, encoding="utf-8")


def read_state(snapshot: Snapshot) -> State:
    """Read what a build left.

    Raises:
        CannotGrow: there is nothing, or it is of another version of fairpapers.
    """
    try:
        content = json.loads((snapshot.path / _FILE).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise CannotGrow(snapshot.path, "another version of fairpapers built it")
        return State(
            version=content["version"],
            content=int(content["content"], 16),
            min_confidence=content["min_confidence"],
            licence=content["licence"],
            materialize_mentions=content["materialize_mentions"],
            links=tuple(_read(link) for link in content["links"]),
            statistics=_statistics(content["statistics"]),
            papers=_tally(content),
        )
    except FileNotFoundError:
        why = "an update or an older version of fairpapers made it"
        raise CannotGrow(snapshot.path, why) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotGrow(snapshot.path, f"its {_FILE} cannot be read ({error})") from error


def _written(link: Link) -> dict[str, Any]:
    confidence = None if link.confidence is None else str(link.confidence)
    return asdict(link) | {"confidence": confidence}


def _read(content: Mapping[str, Any]) -> Link:
    link = Link(**content)
    return link if link.confidence is None else replace(link, confidence=Decimal(link.confidence))


def _statistics(content: Mapping[str, Any]) -> Statistics:
    classes = {
        iri: ClassUse(
            use["entities"], {by: PropertyUse(**each) for by, each in use["properties"].items()}
        )
        for iri, use in content["classes"].items()
    }
    return Statistics(**{**content, "classes": classes})


def _tally(content: Mapping[str, Any]) -> PaperTally:
    quotation = content["quotation"]
    labels: dict[str | None, Label | None] = {None: None, **{label: label for label in LABELS}}
    return PaperTally(
        {(metric, labels[label]): (part, of) for metric, label, part, of in content["shares"]},
        content["counts"],
        Quotation(
            quotation["texts"],
            Fraction(quotation["total"]),
            quotation["at_length"],
            tuple(quotation["largest"]),
        ),
    )
