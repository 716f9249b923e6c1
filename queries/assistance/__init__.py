"""Help for people who write queries: what may be wrong, why there are no rows, a picture.

`read` gives a view of a query with the place of each part, `advise` says what may be wrong without
asking a graph, `explain_empty` asks a graph why there are no rows. Nothing here knows of HTTP.
"""

from .advice import advise
from .drawing import draw
from .explaining import Explanation, Probing, answered, explain_empty
from .findings import KINDS, Finding, Fix, Kind
from .known import Known, defined, occurs_query, void_query, with_graph
from .mermaid import mermaid
from .picture import svg
from .probes import Probe
from .reading import read
from .report import explanation_text, findings_text, report
from .syntax import Span, View

__all__ = [
    "KINDS",
    "Explanation",
    "Finding",
    "Fix",
    "Kind",
    "Known",
    "Probe",
    "Probing",
    "Span",
    "View",
    "advise",
    "answered",
    "defined",
    "draw",
    "explain_empty",
    "explanation_text",
    "findings_text",
    "mermaid",
    "occurs_query",
    "read",
    "report",
    "svg",
    "void_query",
    "with_graph",
]
