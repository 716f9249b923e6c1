"""A graph that grew is, quad by quad, the graph that is built from all its records."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import BuildInProgress, CannotGrow, GraphDiffers, NoSnapshot
from fairpapers.graph.growing import grow
from fairpapers.graph.leases import Lease
from fairpapers.graph.nquads import sorted_nquads
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.reviewing import decisions_file, read_decisions
from fairpapers.graph.reviewing.decisions import make_decision
from fairpapers.graph.search import index_file, search
from fairpapers.graph.snapshot import Snapshot, building, current_snapshot, records_file
from fairpapers.graph.state import read_state

DEMO = Path(__file__).parents[2] / "queries" / "demo_records.jsonl"


@pytest.fixture(scope="session")
def demo() -> tuple[Record, ...]:
    return tuple(read_records(DEMO))


def lines_of(directory: Path) -> list[str]:
    return list(sorted_nquads(Store.read_only(str(current_snapshot(directory).store))))


def entries_of(snapshot: Snapshot) -> list[tuple[object, ...]]:
    """Entries of the index of names in the order of answers, with their words."""
    with closing(sqlite3.connect(index_file(snapshot.path))) as index:
        index.execute("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, words, instance)")
        words: dict[int, list[object]] = {}
        for row in index.execute("SELECT doc, term, col FROM temp.seen ORDER BY doc, col, term"):
            words.setdefault(row[0], []).append(row[1:])
        rows = index.execute("SELECT id, name, iri, kind, label, papers FROM entries ORDER BY id")
        found = [(*row[1:], tuple(words.pop(row[0]))) for row in rows]
        assert not words
        return found


def same(grown: Path, built: Path) -> None:
    """Quads, id, records, counts and what is found by name."""
    assert lines_of(grown) == lines_of(built)
    one, other = current_snapshot(grown), current_snapshot(built)
    assert (one.id, one.papers, one.triples) == (other.id, other.papers, other.triples)
    assert read_state(one) == read_state(other)
    assert records_file(grown).read_bytes() == records_file(built).read_bytes()
    assert entries_of(one) == entries_of(other)
    assert search(one, "bert") == search(other, "bert")


def renamed(record: Record) -> Record:
    """The paper with its first entity under another name and one result less."""
    first = replace(record.entities[0], canonical=f"{record.entities[0].canonical} Prime")
    return replace(record, entities=(first, *record.entities[1:]), results=record.results[1:])


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_one_after_the_other(
    seed: int, demo: tuple[Record, ...], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    here = {record.key: record for record in chance.sample(demo, 20)}
    options = {"min_confidence": chance.choice([0.0, 0.6]), "materialize_mentions": seed % 2 == 0}
    build_graph(here.values(), tmp_path / "grown", **options)  # type: ignore[arg-type]
    for step in range(3):
        put = [renamed(each) if chance.random() < 0.3 and each.entities else each
               for each in chance.sample(demo, 6)]  # fmt: skip
        drop = chance.sample(sorted(here), 3)
        drop = [key for key in drop if key not in {each.key for each in put}]
        report = grow(tmp_path / "grown", put, drop)
        here.update((each.key, each) for each in put)
        for key in drop:
            del here[key]
        assert report.papers == len(here)
        assert set(report.sorted.removed) == set(drop)
        build_graph(here.values(), tmp_path / f"built-{step}", **options)  # type: ignore[arg-type]
        same(tmp_path / "grown", tmp_path / f"built-{step}")


def test_nothing_changes_where_the_same_comes_again(
    demo: tuple[Record, ...], tmp_path: Path
) -> None:
    build_graph(demo[:10], tmp_path)
    before, files = current_snapshot(tmp_path), records_file(tmp_path).stat().st_mtime_ns
    moved = replace(demo[3], source=replace(demo[3].source, file="other.bib", line=7))
    report = grow(tmp_path, [*demo[:3], moved], ["title:0000000000000000"])
    assert report.sorted.nothing
    assert len(report.sorted.same) == 4
    assert report.sorted.absent == ("title:0000000000000000",)
    assert report.snapshot == current_snapshot(tmp_path).id == before.id
    assert records_file(tmp_path).stat().st_mtime_ns == files


def test_a_name_that_becomes_common_moves_the_resource_of_other_papers(
    demo: tuple[Record, ...], tmp_path: Path
) -> None:
    """Three papers write a name otherwise than the one before, so its slug follows them."""

    def paper(n: int, name: str) -> Record:
        base = next(each for each in demo if each.mentions)
        mention = replace(base.mentions[0], start=0, end=len(name), text=name, entity="e1",
                          label="Dataset")  # fmt: skip
        entity = replace(
            base.entities[0], id="e1", canonical=name, surfaces=(name,), label="Dataset"
        )
        return replace(
            base, id=f"p{n}", key=f"title:{n:016x}", mentions=(mention,), entities=(entity,),
            results=(), sizes=(), text_length=400,
        )  # fmt: skip

    first = paper(0, "Fin-Bench")
    build_graph([first], tmp_path / "grown")
    others = [paper(n, "FinBench") for n in range(1, 4)]
    report = grow(tmp_path / "grown", others)
    assert report.moved == 1
    build_graph([first, *others], tmp_path / "built")
    same(tmp_path / "grown", tmp_path / "built")


def test_a_paper_that_goes_leaves_no_trace(demo: tuple[Record, ...], tmp_path: Path) -> None:
    gone = next(each for each in demo if any(e.role == "used" for e in each.entities))
    stays = [each for each in demo[:12] if each != gone]
    used = next(each for each in gone.entities if each.role == "used")
    decision = make_decision(
        paper=gone.key,
        judged={"verb": "uses", "label": used.label, "name": used.canonical},
        decision="confirmed",
        reviewer="Ada Example",
        date="2026-11-30",
    )
    build_graph([gone, *stays], tmp_path / "grown", decisions=[decision])
    held = current_snapshot(tmp_path / "grown")
    assert list(read_decisions(decisions_file(tmp_path / "grown")))
    report = grow(tmp_path / "grown", drop=[gone.key])
    assert report.left is None
    assert not held.path.exists()
    for path in (tmp_path / "grown").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert gone.key.encode() not in content, path
            assert gone.title.encode() not in content, path
    build_graph(stays, tmp_path / "built")
    same(tmp_path / "grown", tmp_path / "built")


def test_a_snapshot_that_a_server_reads_is_named_and_goes_later(
    demo: tuple[Record, ...], tmp_path: Path
) -> None:
    build_graph(demo[:5], tmp_path)
    held = current_snapshot(tmp_path)
    lease = Lease(held.store)
    assert grow(tmp_path, drop=[demo[0].key]).left == held.id
    lease.release()
    grow(tmp_path, drop=[demo[1].key])
    assert not held.path.exists()


def test_decisions_hold_in_a_graph_that_grows(demo: tuple[Record, ...], tmp_path: Path) -> None:
    judged = next(each for each in demo if any(e.role == "used" for e in each.entities))
    used = next(each for each in judged.entities if each.role == "used")
    decision = make_decision(
        paper=judged.key,
        judged={"verb": "uses", "label": used.label, "name": used.canonical},
        decision="rejected",
        reviewer="Ada Example",
        date="2026-11-30",
    )
    others = [each for each in demo if each != judged]
    build_graph([judged, *others[:8]], tmp_path / "grown", decisions=[decision])
    grow(tmp_path / "grown", others[8:14], [others[0].key])
    build_graph([judged, *others[1:14]], tmp_path / "built", decisions=[decision])
    same(tmp_path / "grown", tmp_path / "built")


def test_what_cannot_grow_says_why(demo: tuple[Record, ...], tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        grow(tmp_path, demo[:1])
    build_graph(demo[:3], tmp_path)
    with building(tmp_path), pytest.raises(BuildInProgress):
        grow(tmp_path, demo[3:4])
    snapshot = current_snapshot(tmp_path)
    store = Store(str(snapshot.store))
    (quad, *_) = store.quads_for_pattern(
        NamedNode(f"{snapshot.base}/id/paper/{demo[0].key}"), None, None, None
    )
    assert isinstance(quad, Quad)
    store.remove(quad)
    store.flush()
    del store
    with pytest.raises(GraphDiffers, match="--rebuild"):
        grow(tmp_path, drop=[demo[0].key])
    (snapshot.path / "growth.json").unlink()
    with pytest.raises(CannotGrow, match="update or an older version"):
        grow(tmp_path, demo[3:4])
    assert current_snapshot(tmp_path) == snapshot


def test_links_and_library_are_those_of_a_build(demo: tuple[Record, ...], tmp_path: Path) -> None:
    graph = NamedNode("https://w3id.org/fairpapers/graph/queries")
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    one, other = (
        Quad(NamedNode(f"https://example.org/{n}"), NamedNode(f"{rdfs}seeAlso"),
             NamedNode("https://example.org/x"), graph)
        for n in "ab"
    )  # fmt: skip
    build_graph(demo[:8], tmp_path / "grown", extra=[one])
    grow(tmp_path / "grown", demo[8:10], extra=[other])
    build_graph(demo[:10], tmp_path / "built", extra=[other])
    same(tmp_path / "grown", tmp_path / "built")


def test_sizes_that_other_papers_give_are_left_alone(
    demo: tuple[Record, ...], tmp_path: Path
) -> None:
    sized = next(each for each in demo if any(size.entity for size in each.sizes))
    twin = replace(sized, id="twin", key="title:00000000000000aa", results=(), sizes=())
    build_graph([sized, *demo[:3]], tmp_path / "grown")
    assert grow(tmp_path / "grown", [twin]).sorted.added == (twin.key,)
    build_graph([sized, *demo[:3], twin], tmp_path / "built")
    same(tmp_path / "grown", tmp_path / "built")


def test_an_index_without_room_is_written_anew(demo: tuple[Record, ...], tmp_path: Path) -> None:
    """Ids that follow each other leave no place between two names."""
    build_graph(demo[:8], tmp_path / "grown")
    path = index_file(current_snapshot(tmp_path / "grown").path)
    with closing(sqlite3.connect(path)) as index:
        index.execute("CREATE TEMP TABLE dense AS SELECT ROW_NUMBER() OVER (ORDER BY id) AS n, "
                      "name, iri, kind, label, papers, folded FROM entries")  # fmt: skip
        index.execute("DELETE FROM entries")
        index.execute("INSERT INTO entries SELECT * FROM dense")
        index.commit()
    grow(tmp_path / "grown", demo[8:12])
    build_graph(demo[:12], tmp_path / "built")
    same(tmp_path / "grown", tmp_path / "built")


def test_groups_that_are_shown_under_one_name_are_one_resource(
    demo: tuple[Record, ...], tmp_path: Path
) -> None:
    """A long form that one paper abbreviates, where another paper means something else by that."""
    base = next(each for each in demo if each.mentions)

    def paper(n: int, canonical: str, surfaces: tuple[str, ...]) -> Record:
        entity = replace(
            base.entities[0], id="e1", label="Model", canonical=canonical, surfaces=surfaces
        )
        spans = [(10 * i, name) for i, name in enumerate(surfaces)]
        mentions = tuple(
            replace(base.mentions[0], start=at * 10, end=at * 10 + len(name), text=name,
                    entity="e1", label="Model")
            for at, name in spans
        )  # fmt: skip
        return replace(
            base, id=f"p{n}", key=f"title:{n:016x}", mentions=mentions, entities=(entity,),
            results=(), sizes=(), text_length=900,
        )  # fmt: skip

    one = paper(1, "XAM", ("XAM", "Xenial Arc Model"))
    two = paper(2, "XAM", ("XAM", "Xylem Arc Machine"))
    three = paper(3, "XAM", ("XAM", "XAMs"))
    build_graph([one, three], tmp_path / "grown")
    grow(tmp_path / "grown", [two])
    grow(tmp_path / "grown", drop=[one.key])
    grow(tmp_path / "grown", [one])
    build_graph([three, two, one], tmp_path / "built")
    same(tmp_path / "grown", tmp_path / "built")
    names = [
        line for line in lines_of(tmp_path / "built") if "altLabel" in line and "/core>" in line
    ]
    assert len(names) == 3
