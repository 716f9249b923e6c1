"""Decisions of reviewers win over extraction, whatever is built again and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from fairpapers.extract.records import Entity, Generator, Label, Record, Result
from fairpapers.graph.aliases import shipped_aliases
from fairpapers.graph.build import BuildReport, build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.mapping import Context, map_paper, map_shared
from fairpapers.graph.nquads import sorted_nquads
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.resolution import Resolver
from fairpapers.graph.reviewing import Decision, Figure, Place, Related, decisions_file, merge
from fairpapers.graph.reviewing.amending import amend
from fairpapers.graph.reviewing.decisions import Counted, Span, Verb, make_decision
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.graph.store_checks import check
from fairpapers.ontology import metrics
from fairpapers.ontology.terms import DEFAULT_BASE, FP, FPV, PREFIXES

SAMPLE = tuple(read_records(Path(__file__).parents[1] / "sample_records.jsonl"))
FIRST = SAMPLE[0]
IRIS = Iris(DEFAULT_BASE)
PAPER = IRIS.paper(FIRST.key)
VERBS: dict[str, Verb] = {"introduced": "introduces", "used": "uses", "mentioned": "mentions"}
PROV = PREFIXES["prov"]


def entity(name: str, record: Record = FIRST) -> Entity:
    return next(each for each in record.entities if each.canonical == name)


def place(of: Entity, record: Record = FIRST) -> Place:
    spans = [m for m in record.mentions if m.entity == of.id]
    return Place(record.text_sha256, tuple(Span(m.start, m.end, m.text) for m in spans))


def related(of: Entity, verb: Verb | None = None) -> Related:
    return Related(verb or VERBS[of.role], of.label, of.canonical)


def decide(of: Entity, decision: str, *, record: Record = FIRST, **more: object) -> Decision:
    fields = {"judged": related(of), "reviewer": "Ada", "date": "2026-11-30", **more}
    return make_decision(paper=record.key, decision=decision, place=place(of, record), **fields)


def figure(result: Result) -> Figure:
    return Figure(
        result.metric,
        result.value,
        result.unit,
        result.kind,
        result.comparator,
        result.subject,
        result.dataset,
        result.task,
    )


def on_result(result: Result, decision: str, **more: object) -> Decision:
    spans = (Span(result.start, result.end, result.value),)
    fields = {"judged": figure(result), "reviewer": "Ada", "date": "2026-11-30", **more}
    return make_decision(
        paper=FIRST.key, decision=decision, place=Place(FIRST.text_sha256, spans), **fields
    )


def built(
    directory: Path,
    decisions: Sequence[Decision],
    records: Sequence[Record] = SAMPLE,
    min_confidence: float = 0.0,
) -> tuple[BuildReport, Store]:
    report = build_graph(records, directory, decisions=decisions, min_confidence=min_confidence)
    return report, Store.read_only(str(current_snapshot(directory).store))


def objects(store: Store, subject: str, predicate: str, graph: str | None = None) -> set[str]:
    name = NamedNode(IRIS.graph(graph)) if graph else None
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, name)
    return {q.object.value for q in found if isinstance(q.object, NamedNode | Literal)}


def claim_on(store: Store, predicate: str, resource: str) -> str:
    rdf = PREFIXES["rdf"]
    for quad in store.quads_for_pattern(None, NamedNode(rdf + "object"), NamedNode(resource)):
        assert isinstance(quad.subject, NamedNode)
        claim = quad.subject.value
        if objects(store, claim, rdf + "subject") == {PAPER} and objects(
            store, claim, rdf + "predicate"
        ) == {predicate}:
            return claim
    raise AssertionError(f"no claim {predicate} {resource}")


def graph_of(store: Store) -> str:
    return "".join(sorted_nquads(store))


CONLL = IRIS.resource("Dataset", "conll-2003")


def test_a_rejected_statement_leaves_core_and_stays_in_evidence(tmp_path: Path) -> None:
    before = built(tmp_path / "a", [])[1]
    report, store = built(tmp_path / "b", [decide(entity("CoNLL-2003"), "rejected", comment="No.")])
    assert (report.applied, report.unmatched) == (1, ())
    assert CONLL in objects(before, PAPER, FP.uses, "core")
    assert CONLL not in objects(store, PAPER, FP.uses, "core")
    assert CONLL not in objects(store, PAPER, FP.mentions, "inferred")
    claim = claim_on(store, FP.uses, CONLL)
    # Its number is as before, so what was cited stays citable.
    assert claim == claim_on(before, FP.uses, CONLL)
    assert objects(store, claim, FP.reviewStatus) == {FPV.rejected}
    assert objects(store, claim, PROV + "invalidatedAtTime") == {"2026-11-30T00:00:00Z"}
    assert objects(store, claim, FP.confidence) == objects(before, claim, FP.confidence)
    (review,) = objects(store, claim, FP.reviewedIn)
    (agent,) = objects(store, review, PROV + "wasAssociatedWith")
    assert objects(store, agent, PREFIXES["schema"] + "name") == {"Ada"}
    assert objects(store, review, PREFIXES["rdfs"] + "comment") == {"No."}


def test_what_only_rejected_statements_name_is_no_resource(tmp_path: Path) -> None:
    alone = entity("SpanForge")
    _, store = built(tmp_path, [decide(alone, "rejected")])
    iri = IRIS.resource("Model", "spanforge")
    assert not list(store.quads_for_pattern(NamedNode(iri), None, None))
    # Figures that were about it stay without it.
    assert not list(store.quads_for_pattern(None, NamedNode(FP.ofModel), NamedNode(iri)))


def test_rejecting_the_mention_rejects_whatever_says_more(tmp_path: Path) -> None:
    of = entity("CoNLL-2003")
    decision = decide(of, "rejected", judged=related(of, "mentions"))
    _, store = built(tmp_path, [decision])
    assert CONLL not in objects(store, PAPER, FP.uses, "core")


def test_a_rejected_task_is_not_addressed_either(tmp_path: Path) -> None:
    task = next(e for e in FIRST.entities if e.label == "Task" and e.role != "mentioned")
    _, store = built(tmp_path, [decide(task, "rejected")])
    assert not objects(store, PAPER, FP.addressesTask, "core")
    only = decide(task, "rejected", judged=related(task, "addressesTask"))
    _, store = built(tmp_path / "only", [only])
    assert not objects(store, PAPER, FP.addressesTask, "core")
    assert objects(store, PAPER, getattr(FP, VERBS[task.role]), "core")


def test_a_confirmed_statement_keeps_its_confidence(tmp_path: Path) -> None:
    before = built(tmp_path / "a", [])[1]
    _, store = built(tmp_path / "b", [decide(entity("CoNLL-2003"), "confirmed")])
    claim = claim_on(store, FP.uses, CONLL)
    assert objects(store, claim, FP.reviewStatus) == {FPV.confirmed}
    assert objects(store, claim, FP.confidence) == objects(before, claim, FP.confidence)
    assert set(graph_lines(before, "core")) == set(graph_lines(store, "core"))


def graph_lines(store: Store, name: str) -> list[str]:
    return [str(q) for q in store.quads_for_pattern(None, None, None, NamedNode(IRIS.graph(name)))]


def test_a_corrected_role_revises_the_old_claim(tmp_path: Path) -> None:
    of = entity("CoNLL-2003")
    decision = decide(of, "corrected", instead=related(of, "introduces"))
    _, store = built(tmp_path, [decision])
    assert CONLL in objects(store, PAPER, FP.introduces, "core")
    assert CONLL not in objects(store, PAPER, FP.uses, "core")
    old, new = claim_on(store, FP.uses, CONLL), claim_on(store, FP.introduces, CONLL)
    assert objects(store, new, PROV + "wasRevisionOf") == {old}
    assert objects(store, new, FP.reviewStatus) == {FPV.corrected}
    assert objects(store, new, PROV + "wasGeneratedBy") == objects(store, new, FP.reviewedIn)
    assert objects(store, old, FP.reviewStatus) == {FPV.rejected}


def test_a_corrected_name_takes_the_figures_with_it(tmp_path: Path) -> None:
    of = entity("CoNLL-2003")
    decision = decide(of, "corrected", instead=Related("uses", "Dataset", "CoNLL-2012"))
    _, store = built(tmp_path, [decision])
    new = IRIS.resource("Dataset", "conll-2012")
    assert new in objects(store, PAPER, FP.uses, "core")
    results = objects(store, PAPER, FP.reportsResult)
    on = {iri for result in results for iri in objects(store, result, FP.onDataset)}
    assert new in on
    assert CONLL not in on
    assert new in objects(store, IRIS.resource("Model", "spanforge"), FP.evaluatedOn)


def test_a_corrected_kind_changes_what_figures_are_of(tmp_path: Path) -> None:
    of = entity("SpanForge")
    decision = decide(of, "corrected", instead=Related("introduces", "Method", "SpanForge"))
    _, store = built(tmp_path, [decision])
    method = IRIS.resource("Method", "spanforge")
    results = objects(store, PAPER, FP.reportsResult)
    assert method in {iri for each in results for iri in objects(store, each, FP.ofMethod)}


def test_a_confirmed_statement_that_extraction_missed_is_added(tmp_path: Path) -> None:
    of = entity("CoNLL-2003")
    without = replace(
        FIRST,
        entities=tuple(e for e in FIRST.entities if e != of),
        mentions=tuple(m for m in FIRST.mentions if m.entity != of.id),
    )
    records = (without, *SAMPLE[1:])
    report, store = built(tmp_path, [decide(of, "confirmed")], records)
    assert report.applied == 1
    assert CONLL in objects(store, PAPER, FP.uses, "core")
    claim = claim_on(store, FP.uses, CONLL)
    assert objects(store, claim, PROV + "wasGeneratedBy") == objects(store, claim, FP.reviewedIn)
    # In another text the words may stand elsewhere: nothing is invented.
    other = replace(without, text_sha256="ab" * 32)
    report, store = built(tmp_path / "other", [decide(of, "confirmed")], (other, *SAMPLE[1:]))
    assert len(report.unmatched) == 1
    assert CONLL not in objects(store, PAPER, FP.uses, "core")


def test_the_threshold_does_not_hide_what_is_confirmed(tmp_path: Path) -> None:
    of = entity("CoNLL-2003")
    _, store = built(tmp_path, [decide(of, "confirmed")], min_confidence=1.0)
    assert CONLL in objects(store, PAPER, FP.uses, "core")


def test_results_are_rejected_confirmed_and_corrected(tmp_path: Path) -> None:
    first, second, third = FIRST.results[:3]
    decisions = [
        on_result(first, "rejected"),
        on_result(second, "confirmed"),
        on_result(third, "corrected", instead=replace(figure(third), value="42.5")),
    ]
    report, store = built(tmp_path, decisions)
    assert (report.applied, report.unmatched) == (3, ())
    stated = objects(store, PAPER, FP.reportsResult)
    one, two, three = (IRIS.result(FIRST.key, n) for n in (1, 2, 3))
    new = IRIS.result(FIRST.key, len(FIRST.results) + 1)
    assert stated >= {two, new}
    assert not stated & {one, three}
    assert objects(store, two, FP.reviewStatus) == {FPV.confirmed}
    assert objects(store, new, FP.value) == {"42.5"}
    assert objects(store, new, PROV + "wasRevisionOf") == {three}
    assert objects(store, new, PROV + "wasGeneratedBy") == objects(store, new, FP.reviewedIn)
    for gone in (one, three):
        assert objects(store, gone, FP.reviewStatus) == {FPV.rejected}
        assert not objects(store, gone, FP.value)
        assert FP.Result not in objects(store, gone, PREFIXES["rdf"] + "type")


def test_a_size_is_rejected_and_corrected(tmp_path: Path) -> None:
    record = SAMPLE[3]
    (size,) = record.sizes
    judged = Counted(size.entity, size.value, size.number, size.of, size.comparator)
    spans = (Span(size.start, size.end, size.value),)
    fields = {
        "paper": record.key,
        "judged": judged,
        "reviewer": "Ada",
        "date": "2026-11-30",
        "place": Place(record.text_sha256, spans),
    }
    paper = IRIS.paper(record.key)
    _, store = built(tmp_path / "a", [make_decision(decision="rejected", **fields)])
    assert not objects(store, paper, FP.reportsSize)
    instead = replace(judged, number="31000")
    _, store = built(
        tmp_path / "b", [make_decision(decision="corrected", instead=instead, **fields)]
    )
    assert objects(store, paper, FP.reportsSize) == {IRIS.size(record.key, 2)}
    assert objects(store, IRIS.size(record.key, 2), FP.value) == {"31000"}


def test_rejecting_holds_for_records_of_another_model(tmp_path: Path) -> None:
    """Other numbers of claims, other confidences, other ids, more entities: still rejected."""
    of = entity("CoNLL-2003")
    report, _ = built(tmp_path, [decide(of, "rejected")])
    assert report.applied == 1
    turned = [replace(e, id=f"z{n}", confidence=0.5) for n, e in enumerate(FIRST.entities)]
    ids = {e.id: t.id for e, t in zip(FIRST.entities, turned, strict=True)}
    again = replace(
        FIRST,
        entities=tuple(reversed(turned)),
        mentions=tuple(replace(m, entity=ids[m.entity]) for m in FIRST.mentions),
        generator=Generator("other", "2", "model", "cd" * 32),
    )
    # The directory remembers: no decision is handed in.
    report, store = built(tmp_path, [], (again, *SAMPLE[1:]))
    assert (report.applied, report.unmatched) == (1, ())
    assert CONLL not in objects(store, PAPER, FP.uses, "core")


def test_a_longer_span_is_still_the_same_statement(tmp_path: Path) -> None:
    of = entity("CoNLL-2003")
    longer = replace(of, canonical="CoNLL-2003 it", surfaces=("CoNLL-2003 it",))
    again = replace(
        FIRST,
        entities=tuple(longer if e == of else e for e in FIRST.entities),
        mentions=tuple(
            replace(m, end=m.end + 3, text=f"{m.text} it") if m.entity == of.id else m
            for m in FIRST.mentions
        ),
        results=(),
    )
    report, _ = built(tmp_path, [decide(of, "rejected")], (again, *SAMPLE[1:]))
    assert report.applied == 1


def test_decisions_about_nothing_are_kept_and_told(tmp_path: Path) -> None:
    stray = [
        replace(decide(entity("CoNLL-2003"), "rejected"), paper="title:unknown"),
        replace(
            decide(entity("CoNLL-2003"), "rejected"),
            judged=Related("uses", "Dataset", "Nothing"),
            place=None,
        ),
    ]
    report, store = built(tmp_path, stray)
    assert report.applied == 0
    assert set(report.unmatched) == set(stray)
    assert len(decisions_file(tmp_path).read_text().splitlines()) == 2
    assert not list(store.quads_for_pattern(None, NamedNode(FP.reviewStatus), None))


def test_without_decisions_nothing_changes(tmp_path: Path) -> None:
    _, plain = built(tmp_path / "a", [])
    assert not (tmp_path / "a" / "review").exists()
    report = build_graph(read_records(records_file(tmp_path / "a")), tmp_path / "b")
    _, again = built(tmp_path / "b", [])
    assert graph_of(plain) == graph_of(again)
    assert report.applied == 0


RECORD = replace(FIRST, source=replace(FIRST.source, url=None))
_DAYS = st.sampled_from(["2026-11-28", "2026-11-29", "2026-11-29T12:00:00Z", "2026-11-30"])


@st.composite
def _relation_decisions(draw: st.DrawFn) -> Decision:
    of = draw(st.sampled_from(FIRST.entities))
    verbs: list[Verb] = ["introduces", "uses", "mentions", "addressesTask"]
    verb = draw(st.sampled_from(verbs))
    decision = draw(st.sampled_from(["confirmed", "rejected", "corrected"]))
    if verb == "addressesTask" and decision == "corrected":
        decision = "rejected"
    other = draw(st.sampled_from(FIRST.entities))
    name = draw(st.sampled_from([of.canonical, other.canonical, "Something Else"]))
    labels: list[Label] = [of.label, "Method", "Dataset"]
    label = draw(st.sampled_from(labels))
    instead = Related(draw(st.sampled_from(verbs[:3])), label, name)
    return decide(
        of,
        decision,
        judged=Related(verb, of.label, of.canonical),
        instead=instead if decision == "corrected" else None,
        date=draw(_DAYS),
        reviewer=draw(st.sampled_from(["Ada", "Bo (0000-0002-1825-0097)"])),
    )


@st.composite
def _result_decisions(draw: st.DrawFn) -> Decision:
    result = draw(st.sampled_from(FIRST.results))
    decision = draw(st.sampled_from(["confirmed", "rejected", "corrected"]))
    judged = figure(result)
    instead = replace(judged, value=draw(st.sampled_from(["1.5", "2", judged.value])))
    return on_result(
        result,
        decision,
        judged=draw(st.sampled_from([judged, replace(judged, dataset=None)])),
        instead=instead if decision == "corrected" else None,
        date=draw(_DAYS),
    )


_ANY = st.lists(st.one_of(_relation_decisions(), _result_decisions()), max_size=6)


def mapped(decisions: Sequence[Decision]) -> list[Quad]:
    """The quads of the first sample paper, without a store."""
    kept = merge(decisions).decisions
    resolver = Resolver(shipped_aliases())
    resolver.add(amend(RECORD, kept).record)
    paper = map_paper(RECORD, Context(IRIS, resolver.resolve()), kept)
    assert {*paper.used, *paper.unmatched} == set(kept)
    counts = dict.fromkeys(paper.resources, 1)
    shared = map_shared(
        counts, paper.resources, paper.evaluated, [paper.generator], metrics(), IRIS
    )
    return [*paper.quads, *shared]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_decisions_in_any_order_and_twice_give_the_same_sound_graph(
    data: st.DataObject,
) -> None:
    decisions = data.draw(_ANY)
    quads = mapped(decisions)
    assert len(set(quads)) == len(quads)
    assert set(mapped(data.draw(st.permutations([*decisions, *decisions])))) == set(quads)
    store = Store()
    store.extend(quads)
    assert [each for each in check(store, IRIS) if each.severity == "violation"] == []
    last = max(merge(decisions).decisions, key=lambda each: each.order, default=None)
    if last and last.decision == "rejected" and isinstance(last.judged, Related):
        assert not {
            name
            for verb in (VERBS.values() if last.judged.verb == "mentions" else [last.judged.verb])
            for iri in objects(store, PAPER, getattr(FP, verb), "core")
            for name in objects(store, iri, PREFIXES["skos"] + "prefLabel")
            if f"/id/{last.judged.label.lower()}/" in iri and name == last.judged.name
        }


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_published_graphs_do_not_depend_on_how_decisions_came(data: st.DataObject) -> None:
    decisions = data.draw(_ANY)
    half = data.draw(st.integers(0, len(decisions)))
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        # A build that breaks a shape or a check raises GraphInvalid.
        report, store = built(Path(one), decisions, [RECORD])
        built(Path(other), decisions[half:], [RECORD])
        again, twice = built(Path(other), decisions, [RECORD])
        assert graph_of(store) == graph_of(twice)
        assert (report.snapshot, report.applied) == (again.snapshot, again.applied)
        assert decisions_file(Path(one)).exists() == bool(decisions)


@pytest.mark.parametrize("graph", ["core", "inferred"])
def test_no_rejected_statement_is_in(tmp_path: Path, graph: str) -> None:
    decisions = [decide(each, "rejected") for each in FIRST.entities]
    report, store = built(tmp_path, decisions)
    assert report.applied == len(decisions)
    for predicate in (FP.introduces, FP.uses, FP.mentions, FP.addressesTask, FP.reportsResult):
        assert not objects(store, PAPER, predicate, graph)
