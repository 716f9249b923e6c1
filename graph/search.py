"""Finding things by their names: an SQLite index beside the store of a snapshot.

Every name of every resource, and the title of every paper, is an entry of a full-text table (FTS5).
Entries stand in the order in which answers should have them - most papers first -, so the first ones
that match are the ones to show and a short beginning such as ``a`` costs no more than a rare word.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from ..ontology.terms import FP
from .errors import SnapshotDamaged
from .iris import Iris
from .names import fold
from .snapshot import Snapshot
from .terms import node, term

KINDS: Final = ("dataset", "model", "method", "metric", "task", "paper")
_CLASSES: Final = {
    FP.Dataset: "dataset",
    FP.Benchmark: "dataset",
    FP.Model: "model",
    FP.Method: "method",
    FP.Metric: "metric",
    FP.Task: "task",
}
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 12
_LONGEST: Final = 200
# Entries that are looked at beyond those shown, of which the exact ones come first.
_CONSIDERED: Final = 200
# Steps of SQLite's machine between two looks at whether a question took too long.
_STEPS: Final = 200_000
_MOST_LOOKS: Final = 20

_SCHEMA: Final = """
CREATE TABLE raw (name TEXT, iri TEXT, kind TEXT, label TEXT, papers INTEGER);
CREATE TABLE entries (
  id INTEGER PRIMARY KEY, name TEXT, iri TEXT, kind TEXT, label TEXT, papers INTEGER, folded TEXT
);
CREATE VIRTUAL TABLE words USING fts5 (
  name, joined, kind, content='', prefix='1 2 3', detail='column',
  tokenize='ascii'
);
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found.

    Attributes:
        iri: of the resource or paper.
        kind: one of `KINDS`.
        label: its preferred name, or the title.
        name: the name that matched, which may be the label.
        papers: papers that introduce, use or mention it; 0 for a paper.
    """

    iri: str
    kind: str
    label: str
    name: str
    papers: int


def index_file(snapshot: Path) -> Path:
    """Where the index of a snapshot is, from the snapshot's directory."""
    return snapshot / "search.sqlite"


def build_index(store: Store, iris: Iris, path: Path) -> int:
    """Write the index of a store; memory does not grow with it.

    Args:
        store: with the graph ``core``.
        iris: of the graph.
        path: file to make; there is none yet.

    Returns:
        Number of entries.
    """
    with closing(sqlite3.connect(path)) as index:
        index.execute("PRAGMA journal_mode = OFF")
        index.execute("PRAGMA synchronous = OFF")
        index.executescript(_SCHEMA)
        index.executemany("INSERT INTO raw VALUES (?, ?, ?, ?, ?)", _entries(store, iris))
        index.create_function("folded", 1, _folded, deterministic=True)
        index.create_function("joined", 1, _joined, deterministic=True)
        index.create_function("spelled", 1, _spelled, deterministic=True)
        index.execute(
            "INSERT INTO entries (name, iri, kind, label, papers, folded) "
            "SELECT name, iri, kind, label, papers, folded(name) FROM raw "
            "ORDER BY papers DESC, kind = 'paper', name, iri, kind"
        )
        index.execute("DROP TABLE raw")
        index.execute("CREATE INDEX exact ON entries (folded)")
        index.execute(
            "INSERT INTO words (rowid, name, joined, kind) "
            "SELECT id, spelled(name), joined(name), kind FROM entries"
        )
        index.execute("INSERT INTO words (words) VALUES ('optimize')")
        (count,) = index.execute("SELECT COUNT(*) FROM entries").fetchone()
        index.commit()
        index.execute("VACUUM")
    return int(count)


def search(
    snapshot: Snapshot, text: str, *, kind: str | None = None, most: int = 20
) -> list[Found]:
    """Find things by words of a name, by their beginnings, in any order.

    What is named exactly so comes first, then what most papers name. Hyphens, blanks, case and
    accents make no difference: ``resnet50`` finds ResNet-50.

    Args:
        snapshot: with an index; see `has_index`.
        text: what a person typed.
        kind: one of `KINDS`, or None for all.
        most: how many things to give.

    Raises:
        TimeoutError: it took too long, which only a hostile text can bring about.
        SnapshotDamaged: the index cannot be read.
    """
    words = _words(text[:_LONGEST])[:_MOST_WORDS]
    if not words:
        return []
    address = f"file:{index_file(snapshot.path)}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as index:
        looks = iter(range(_MOST_LOOKS))
        index.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
        try:
            rows = [*_exact(index, text, kind), *_matching(index, words, kind, most + _CONSIDERED)]
        except sqlite3.Error as error:
            if str(error) == "interrupted":
                raise TimeoutError("searching took too long; use longer words") from error
            raise SnapshotDamaged(snapshot.path, f"its search index: {error}") from error
    found: dict[str, Found] = {}
    for row in rows:
        found.setdefault(row[0], Found(*row))
    return list(found.values())[:most]


def has_index(snapshot: Snapshot) -> bool:
    """Whether it can be searched: snapshots by older versions or by SPARQL Update have no index."""
    return index_file(snapshot.path).is_file()


def _exact(
    index: sqlite3.Connection, text: str, kind: str | None
) -> list[tuple[str, str, str, str, int]]:
    return index.execute(
        "SELECT iri, kind, label, name, papers FROM entries "
        "WHERE folded = ? AND (? IS NULL OR kind = ?) ORDER BY id LIMIT 50",
        (_folded(text), kind, kind),
    ).fetchall()


def _matching(
    index: sqlite3.Connection, words: list[str], kind: str | None, most: int
) -> list[tuple[str, str, str, str, int]]:
    """Entries in their order; each word is quoted, so that none is an operator of FTS5."""
    begins = " ".join(f'"{word}"*' for word in words)
    query = f'({{name}} : ({begins})) OR ({{joined}} : "{"".join(words)}"*)'
    if kind is not None:
        query = f'({{kind}} : "{kind}") AND ({query})'
    return index.execute(
        "SELECT iri, kind, label, name, papers FROM entries WHERE id IN "
        "(SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT ?) ORDER BY id",
        (query, most),
    ).fetchall()


def _entries(store: Store, iris: Iris) -> Iterator[tuple[str, str, str, str, int]]:
    core = node(iris.graph("core"))
    pref, alt = term("skos:prefLabel"), term("skos:altLabel")
    for quad in store.quads_for_pattern(None, node(FP.paperCount), None, core):
        thing = quad.subject
        assert isinstance(thing, NamedNode)
        assert isinstance(quad.object, Literal)
        papers = int(quad.object.value)
        kinds = sorted(
            {
                _CLASSES[each.object.value]
                for each in store.quads_for_pattern(thing, term("rdf:type"), None, core)
                if isinstance(each.object, NamedNode) and each.object.value in _CLASSES
            }
        )
        labels = _literals(store, thing, pref, core)
        label = labels[0] if labels else thing.value
        for name in (*labels, *_literals(store, thing, alt, core)):
            for kind in kinds:
                yield name, thing.value, kind, label, papers
    for quad in store.quads_for_pattern(None, term("rdf:type"), node(FP.Paper), core):
        paper = quad.subject
        assert isinstance(paper, NamedNode)
        for title in _literals(store, paper, term("dcterms:title"), core):
            yield title, paper.value, "paper", title, 0


def _literals(store: Store, thing: NamedNode, name: NamedNode, graph: NamedNode) -> list[str]:
    found = store.quads_for_pattern(thing, name, None, graph)
    return sorted(quad.object.value for quad in found if isinstance(quad.object, Literal))


def _plain(text: str) -> str:
    """Without accents and case."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def _folded(text: str) -> str:
    return fold(_plain(text)[:_LONGEST])


def _words(text: str) -> list[str]:
    """The words of a text in ASCII, so that SQLite's idea of a letter plays no part."""
    return ["".join(map(_letter, word)) for word in _WORD.findall(_plain(text))]


def _letter(char: str) -> str:
    return char if char.isascii() else f"u{ord(char):x}u"


def _spelled(text: str) -> str:
    return " ".join(_words(text))


def _joined(text: str) -> str:
    return "".join(_words(text))
