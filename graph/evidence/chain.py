"""The chain behind a statement, as far as the graph holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ...ontology.terms import FP, PREFIXES
from ..errors import NoEvidence, StatementUnclear
from ..iris import Iris
from ..store import EmbeddedStore
from . import asking
from .asking import ask
from .pointing import Pointer

_KINDS: Final = {"c": "claim", "m": "mention", "r": "result", "s": "size"}
_CLAIMABLE: Final = {FP.introduces, FP.uses, FP.mentions, FP.addressesTask}
# What a result or size says, in the order in which it is shown.
_FACTS: Final = {
    FP.ofModel: "model",
    FP.ofMethod: "method",
    FP.ofDataset: "measured data set",
    FP.byMetric: "metric",
    FP.comparator: "comparator",
    FP.value: "value",
    FP.upperValue: "upper value",
    FP.unit: "unit",
    FP.valueLexical: "as written",
    FP.valueKind: "kind",
    FP.counted: "counted",
    FP.onDataset: "data set",
    FP.forTask: "task",
}
_ADVICE: Final = "`fairpapers query A03 -p paper=PAPER` lists what it says of a paper"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text of a paper; code points, end exclusive.

    Attributes:
        iri: of the mention, or of the result or size that stands there.
        start: of the first character.
        end: behind the last one.
        words: surface form, at most 80 characters, or the figure as written.
        confidence: of the mention; None for the place of a figure.
        names: of the resources that are named there.
    """

    iri: str
    start: int
    end: int
    words: str | None
    confidence: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Maker:
    """What found it; the digest is that of the model's files, empty where there is no model."""

    activity: str
    program: str
    version: str
    model: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided; ``revises`` is the IRI of what was corrected."""

    status: str
    reviewer: str | None = None
    date: str | None = None
    comment: str | None = None
    revises: str | None = None


@dataclass(frozen=True, slots=True)
class PaperInfo:
    """The paper; ``address`` is a DOI's or the source's own, None where neither is known."""

    iri: str
    key: str
    title: str
    address: str | None
    text_sha256: str
    text_length: int


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence: a claim, a mention, a result or a size.

    Attributes:
        kind: which of them.
        iri: of it.
        statement: IRIs of subject, relation and object.
        shown: the same in words.
        facts: what a result or a size says, name and value.
        confidence: as a decimal; None where the graph gives none.
        place: where a figure stands; None for a claim.
        mentions: that it rests on, in the order of the text.
        maker: what found it; None where a person gave it.
        review: what people decided; status ``auto`` where nobody has.
        paper: whose text it is from.
    """

    kind: str
    iri: str
    statement: tuple[str, str, str] | None
    shown: str
    facts: tuple[tuple[str, str], ...]
    confidence: str | None
    place: Span | None
    mentions: tuple[Span, ...]
    maker: Maker | None
    review: Review
    paper: PaperInfo


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a graph has on a statement; ``derived`` says how it follows, if it does."""

    items: tuple[Item, ...]
    derived: str | None = None


def evidence_of(pointer: Pointer, store: EmbeddedStore, iris: Iris) -> Evidence:
    """Read the chain behind what a pointer names.

    Raises:
        NoEvidence: the graph does not state it.
        StatementUnclear: several statements of the graph fit the words.
    """
    reader = _Reader(store, iris)
    if pointer.node is not None:
        return Evidence(tuple(reader.items([pointer.node])))
    found = {
        (subject, value): evidence
        for subject in pointer.subjects
        for value in pointer.objects
        if (evidence := reader.statement(subject, pointer.relation, value)) is not None
    }
    if len(found) == 1:
        return next(iter(found.values()))
    relation = _short(pointer.relation)
    if found:
        pairs = tuple(sorted(f"<{s}> {relation} <{o}>" for s, o in found))
        words = f"… {relation} …"
        raise StatementUnclear(words, "fits several statements; name one by IRIs:", pairs)
    for one in (pointer.subjects, pointer.objects):
        if len(one) > 1:
            listed = tuple(f"<{iri}>" for iri in sorted(one))
            raise StatementUnclear(
                f"… {relation} …", "is stated with none of these; say which is meant:", listed
            )
    stated = f"<{pointer.subjects[0]}> {relation} <{pointer.objects[0]}>"
    raise NoEvidence(stated, _ADVICE)


class _Reader:
    """Reads items, each paper and label once."""

    def __init__(self, store: EmbeddedStore, iris: Iris) -> None:
        self._store = store
        self._iris = iris
        self._papers: dict[str, PaperInfo] = {}
        self._labels: dict[str, str] = {}

    def statement(self, subject: str, relation: str, value: str) -> Evidence | None:
        """Evidence of one statement; None where the graph does not make it."""
        if relation in _CLAIMABLE:
            claims = ask(self._store, asking.CLAIMS_OF, s=subject, p=relation, o=value)
            if claims:
                return Evidence(tuple(self.items(row["claim"] for row in claims)))
            if relation != FP.mentions:
                return None
            claims = ask(self._store, asking.CLAIMS_OF_PAIR, s=subject, o=value)
            note = "follows from a more specific statement: fp:introduces and fp:uses say more"
            items = tuple(self.items(row["claim"] for row in claims))
            return Evidence(items, note) if items else None
        if not ask(self._store, asking.STATED, s=subject, p=relation, o=value):
            return None
        if relation == FP.evaluatedOn:
            rows = ask(self._store, asking.SCORES, s=subject, o=value)
            note = "follows from the absolute results of the model on the data set"
            return Evidence(tuple(self.items(row["result"] for row in rows)), note)
        if relation == FP.variantOf:
            return Evidence((), "follows from the two names alone; no text stands behind it")
        return Evidence(tuple(self.items([value])))

    def items(self, iris: Iterable[str]) -> Iterator[Item]:
        """Items by their IRIs; a mention brings what rests on it.

        Raises:
            NoEvidence: one of them is not in the graph.
        """
        for iri in iris:
            kind = _KINDS[iri.rsplit("/", 2)[1]]
            item = self._item(kind, iri)
            yield item
            if kind == "mention":
                resting = ask(self._store, asking.RESTING_ON, node=iri)
                yield from self.items(row["item"] for row in resting)

    def _item(self, kind: str, iri: str) -> Item:
        facts = self._facts(iri)
        paper = self._paper(iri)
        if not facts or paper is None:
            raise NoEvidence(f"anything of <{iri}>", _ADVICE)
        statement = self._statement(kind, iri, paper)
        return Item(
            kind=kind,
            iri=iri,
            statement=statement,
            shown=self._shown(kind, statement, iri),
            facts=tuple(self._said(facts)) if kind in ("result", "size") else (),
            confidence=_first(facts, FP.confidence),
            place=None if kind == "claim" else self._place(iri),
            mentions=tuple(self._mentions(iri)),
            maker=self._maker(iri),
            review=self._review(iri),
            paper=paper,
        )

    def _facts(self, iri: str) -> list[tuple[str, str]]:
        rows = ask(self._store, asking.FACTS, node=iri)
        return sorted((row["property"], row["value"]) for row in rows if "value" in row)

    def _said(self, facts: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for predicate, name in _FACTS.items():
            for found, value in facts:
                if found == predicate:
                    yield name, self._label(value)

    def _statement(self, kind: str, iri: str, paper: PaperInfo) -> tuple[str, str, str] | None:
        if kind == "claim":
            (row,) = ask(self._store, asking.CLAIM, node=iri)
            return row["subject"], row["relation"], row["object"]
        if kind == "mention":
            return None
        return paper.iri, FP.reportsResult if kind == "result" else FP.reportsSize, iri

    def _shown(self, kind: str, statement: tuple[str, str, str] | None, iri: str) -> str:
        if kind == "size":
            bearers = ask(self._store, asking.SIZED, node=iri)
            return ", ".join(f"{self._label(row['bearer'])} fp:size" for row in bearers) or kind
        if statement is None or kind == "result":
            return kind
        subject, relation, value = statement
        return f"{self._label(subject)} {_short(relation)} {self._label(value)}"

    def _label(self, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            return value
        if value not in self._labels:
            rows = ask(self._store, asking.LABEL, node=value)
            self._labels[value] = rows[0]["label"] if rows else _short(value)
        return self._labels[value]

    def _place(self, iri: str) -> Span | None:
        rows = ask(self._store, asking.SPAN, node=iri)
        return self._span(iri, rows[0]) if rows else None

    def _mentions(self, iri: str) -> Iterator[Span]:
        for row in ask(self._store, asking.MENTIONS, node=iri):
            yield self._span(row["mention"], row)

    def _span(self, iri: str, row: asking.Row) -> Span:
        names = (each["label"] for each in ask(self._store, asking.BODIES, node=iri))
        start, end = int(row["start"]), int(row["end"])
        return Span(iri, start, end, row.get("words"), row.get("confidence"), tuple(names))

    def _maker(self, iri: str) -> Maker | None:
        for row in ask(self._store, asking.MAKER, node=iri):
            return Maker(
                row["activity"], row["program"], row["version"], row["model"], row.get("digest", "")
            )
        return None

    def _review(self, iri: str) -> Review:
        for row in ask(self._store, asking.REVIEW, node=iri):
            return Review(
                row["status"],
                row.get("reviewer"),
                row.get("date"),
                row.get("comment"),
                row.get("old"),
            )
        return Review("auto")

    def _paper(self, iri: str) -> PaperInfo | None:
        paper = iri.rsplit("/", 2)[0]
        if paper not in self._papers:
            for row in ask(self._store, asking.PAPER, node=paper):
                self._papers[paper] = PaperInfo(
                    iri=paper,
                    key=row["key"],
                    title=row["title"],
                    address=row.get("source") or row.get("url"),
                    text_sha256=row["digest"].lower(),
                    text_length=int(row["length"]),
                )
        return self._papers.get(paper)


def _first(facts: list[tuple[str, str]], predicate: str) -> str | None:
    return next((value for found, value in facts if found == predicate), None)


def _short(iri: str) -> str:
    """Prefixed name of an IRI in one of our namespaces, else the IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
