"""What is left of a record when only what is sure enough counts."""

from __future__ import annotations

from dataclasses import replace

from .records import Record, Result


def sure_mentions(record: Record, minimum: float) -> Record:
    """Drop the mentions and entities with a confidence below ``minimum``, results untouched.

    An entity goes with the last of its mentions, and its mentions go with it.
    """
    if minimum <= 0.0:
        return record
    sure = [each for each in record.mentions if each.confidence >= minimum]
    named = {each.entity for each in sure}
    entities = tuple(e for e in record.entities if e.id in named and e.confidence >= minimum)
    kept = {entity.id for entity in entities}
    mentions = tuple(each for each in sure if each.entity in kept)
    return replace(record, mentions=mentions, entities=entities)


def sure_record(record: Record, minimum: float) -> Record:
    """Drop whatever has a confidence below ``minimum``, and results whose metric is dropped.

    A result or a size whose subject, data set, task or entity is dropped stays without it.
    """
    if minimum <= 0.0:
        return record
    sure = sure_mentions(record, minimum)
    kept = {(entity.label, entity.canonical) for entity in sure.entities}
    gone = {(entity.label, entity.canonical) for entity in record.entities} - kept

    def left(name: str | None, *labels: str) -> str | None:
        names = {(label, name) for label in labels}
        return None if names & gone and not names & kept else name

    def without(result: Result) -> Result:
        return replace(
            result,
            subject=left(result.subject, "Model", "Method", "Dataset"),
            dataset=left(result.dataset, "Dataset"),
            task=left(result.task, "Task"),
        )

    results = (r for r in record.results if r.confidence >= minimum and left(r.metric, "Metric"))
    sizes = (
        replace(size, entity=left(size.entity, "Dataset", "Model"))
        for size in record.sizes
        if size.confidence >= minimum
    )
    return replace(sure, results=tuple(map(without, results)), sizes=tuple(sizes))
