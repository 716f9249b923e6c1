"""Which way the commonest metrics improve."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ._files import metrics_file
from .terms import FPV

DIRECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"higher": FPV.higherIsBetter, "lower": FPV.lowerIsBetter}
)
_CUT_OFF = re.compile(r"@\s*\S+")


def fold_metric(name: str) -> str:
    """Reduce the name of a metric to what its spellings share.

    Compatibility forms and case are folded, a cut-off such as ``@10`` and everything but letters
    and digits is dropped. Idempotent.

    >>> fold_metric("F₁-Score"), fold_metric("Recall@10"), fold_metric("word error rate")
    ('f1score', 'recall', 'worderrorrate')
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(filter(str.isalnum, _CUT_OFF.sub("", folded)))


def metric_directions() -> Mapping[str, str]:
    """Map the folded names of metrics, see `fold_metric`, to the IRI of their direction.

    Only metrics whose direction hardly depends on context are listed; a name that is absent has
    no known direction. Reads the table anew on each call.

    >>> metric_directions()[fold_metric("Perplexity")]
    'https://w3id.org/fairpapers/vocab/lower-is-better'
    """
    directions: dict[str, str] = {}
    with metrics_file().open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for name in (row["metric"], *filter(None, row["also"].split("|"))):
                directions[fold_metric(name)] = DIRECTIONS[row["direction"]]
    return MappingProxyType(directions)
