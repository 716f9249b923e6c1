"""The reviewed metrics: which way they improve, between which figures, in which unit."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ._files import metrics_file
from .terms import FPV, PREFIXES

DIRECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"higher": FPV.higherIsBetter, "lower": FPV.lowerIsBetter}
)
_CUT_OFF = re.compile(r"@\s*\S+")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the vocabulary of metrics, a line of ``metrics.tsv``.

    Attributes:
        name: the usual name.
        direction: IRI of the direction; None where it depends on what is measured.
        low: lowest possible figure in the unit; None where there is none.
        high: highest possible figure in the unit; None where there is none.
        unit: IRI of the canonical unit by QUDT; None where there is no single one.
        also: other names of the same metric.
        variants: names of narrower metrics that share direction, range and unit.
        definition: what is measured, as a sentence.
    """

    name: str
    direction: str | None
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    also: tuple[str, ...]
    variants: tuple[str, ...]
    definition: str

    @property
    def notation(self) -> str:
        """Last part of the IRI.

        >>> metrics()["bleu"].notation
        'metric-bleu'
        """
        plain = unicodedata.normalize("NFKD", self.name).replace("'", "").casefold()
        return "metric-" + _NO_SLUG.sub("-", plain).strip("-")

    @property
    def iri(self) -> str:
        """IRI of the concept in the vocabulary."""
        return PREFIXES["fpv"] + self.notation

    def is_called(self, name: str) -> bool:
        """Whether the name means this very metric, rather than a variant or one cut-off of it.

        >>> f1 = metrics()["f1"]
        >>> f1.is_called("F1-score"), f1.is_called("macro F1"), f1.is_called("F1@5")
        (True, False, False)
        """
        if name in self.also:
            return True
        own = {fold_metric(each) for each in (self.name, *self.also)}
        return "@" not in name and fold_metric(name) in own


def fold_metric(name: str) -> str:
    """Reduce the name of a metric to what its spellings share.

    Compatibility forms and case are folded, a cut-off such as ``@10`` and everything but letters
    and digits is dropped. Idempotent.

    >>> fold_metric("F₁-Score"), fold_metric("Recall@10"), fold_metric("word error rate")
    ('f1score', 'recall', 'worderrorrate')
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(filter(str.isalnum, _CUT_OFF.sub("", folded)))


def listed_metrics() -> tuple[Metric, ...]:
    """Every reviewed metric, by name. Reads the table anew on each call."""
    with metrics_file().open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(_metric(row) for row in rows)


def metrics() -> Mapping[str, Metric]:
    """Map the folded names of metrics and of their variants, see `fold_metric`, to the metric.

    >>> metrics()[fold_metric("ROUGE-L")].name
    'ROUGE'
    """
    found: dict[str, Metric] = {}
    for metric in listed_metrics():
        for name in (metric.name, *metric.also, *metric.variants):
            found[fold_metric(name)] = metric
    return MappingProxyType(found)


def metric_directions() -> Mapping[str, str]:
    """Map the folded names of metrics, see `fold_metric`, to the IRI of their direction.

    Only metrics whose direction hardly depends on context have one; a name that is absent has no
    known direction.

    >>> metric_directions()[fold_metric("Perplexity")]
    'https://w3id.org/fairpapers/vocab/lower-is-better'
    """
    known = ((name, metric.direction) for name, metric in metrics().items())
    return MappingProxyType({name: direction for name, direction in known if direction})


def _metric(row: Mapping[str, str]) -> Metric:
    return Metric(
        name=row["metric"],
        direction=DIRECTIONS[row["direction"]] if row["direction"] else None,
        low=Decimal(row["low"]) if row["low"] else None,
        high=Decimal(row["high"]) if row["high"] else None,
        unit=PREFIXES["unit"] + row["unit"] if row["unit"] else None,
        also=tuple(filter(None, row["also"].split("|"))),
        variants=tuple(filter(None, row["variants"].split("|"))),
        definition=row["definition"],
    )
