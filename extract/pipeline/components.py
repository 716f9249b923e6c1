"""The components at the end of the pipeline: entities, their roles, and results.

They keep what they find on the document as plain JSON values, which survive `Doc.to_bytes` and
hence `Language.pipe` with several processes; the getters on ``doc._`` return records' types.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from ..records import Entity, Label, Result
from .abbreviations import read_abbreviations
from .grouping import group
from .mentions import add_free, read_mentions, register_extensions, write_mentions
from .results import find_results
from .results_about import Named
from .results_metrics import COMPARATIVE_METRICS, missing_metrics
from .roles import RoleText, load_role_model

_ENTITIES = "fairpapers_entities"
_RESULTS = "fairpapers_results"


def read_entities(doc: Doc) -> tuple[Entity, ...]:
    """Read the entities that the component left on the document."""
    return tuple(
        Entity(**{**item, "surfaces": tuple(item["surfaces"])})
        for item in doc.user_data.get(_ENTITIES, ())
    )


def write_entities(doc: Doc, entities: Iterable[Entity]) -> None:
    """Replace the document's entities."""
    doc.user_data[_ENTITIES] = [asdict(entity) for entity in entities]


def read_results(doc: Doc) -> tuple[Result, ...]:
    """Read the results that the component left on the document."""
    return tuple(Result(**item) for item in doc.user_data.get(_RESULTS, ()))


def entity_of(doc: Doc) -> Callable[[int, int], Entity]:
    """Return the function from a mention's offsets to its entity."""
    by_surface = {
        (entity.label, surface): entity
        for entity in read_entities(doc)
        for surface in entity.surfaces
    }
    labels = {(c.start, c.end): c.label for c in read_mentions(doc)}
    text = doc.text
    return lambda start, end: by_surface[labels[start, end], text[start:end]]


@Language.factory(
    "fairpapers_entities", assigns=["doc._.entities", "doc.spans"], requires=["doc.spans"]
)
class Entities:
    """Group mentions into entities; metrics that only their figures show are added first."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        register_extensions()
        if not Doc.has_extension("entities"):
            Doc.set_extension("entities", getter=read_entities)

    def __call__(self, doc: Doc) -> Doc:
        """Group the mentions, adding metrics first that stand beside a figure."""
        text = doc.text
        found = read_mentions(doc)
        write_mentions(doc, add_free(found, missing_metrics(text, found)))
        mentions = read_mentions(doc)
        confidence: dict[tuple[Label, str], float] = defaultdict(float)
        for item in mentions:
            form = item.label, text[item.start : item.end]
            confidence[form] = max(item.confidence, confidence[form])
        doc.user_data[_ENTITIES] = [
            asdict(
                Entity(
                    id=f"e{number}",
                    label=label,
                    canonical=COMPARATIVE_METRICS.get(canonical, canonical),
                    surfaces=surfaces,
                    role="used",
                    confidence=max(confidence[label, surface] for surface in surfaces),
                )
            )
            for number, (label, canonical, surfaces) in enumerate(
                group(text, mentions, read_abbreviations(doc)), start=1
            )
        ]
        return doc


@Language.factory(
    "fairpapers_roles",
    assigns=["doc._.entities"],
    requires=["doc._.entities"],
    default_config={"path": None},
)
class Roles:
    """Decide each entity's role. Config: ``path`` of another file of weights."""

    def __init__(self, nlp: Language, name: str, path: str | None) -> None:
        self.name = name
        self.model = load_role_model(Path(path) if path else None)

    def __call__(self, doc: Doc) -> Doc:
        """Decide the role of each entity on the document."""
        text = RoleText(doc.text)
        spans = defaultdict(list)
        for item in read_mentions(doc):
            spans[item.label, text.text[item.start : item.end]].append((item.start, item.end))
        decided = []
        for entity in read_entities(doc):
            own = [span for form in entity.surfaces for span in spans[entity.label, form]]
            role, _ = self.model.decide(text.features(entity.label, own))
            decided.append(asdict(entity) | {"role": role})
        doc.user_data[_ENTITIES] = decided
        return doc


def named_mentions(doc: Doc) -> list[Named]:
    """Read the mentions with what is known of their entities, by position."""
    entity = entity_of(doc)
    found = []
    for m in read_mentions(doc):
        about = entity(m.start, m.end)
        found.append(Named(m.start, m.end, m.label, about.canonical, about.role))
    return found


@Language.factory(
    "fairpapers_results",
    assigns=["doc._.results"],
    requires=["doc._.entities", "doc.spans"],
)
class Results:
    """Find the reported figures."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        if not Doc.has_extension("results"):
            Doc.set_extension("results", getter=read_results)

    def __call__(self, doc: Doc) -> Doc:
        """Find the figures and tie them to the entities on the document."""
        found = find_results(doc.text, named_mentions(doc))
        doc.user_data[_RESULTS] = [asdict(result) for result in found]
        return doc
