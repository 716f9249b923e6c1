"""Finding things by their names: an SQLite index beside the store of a snapshot.

Every name of every resource, and the title of every paper, is an entry of a full-text table (FTS5).
Entries stand in the order in which answers should have them - most papers first -, so the first ones
that match are the ones to show and a short beginning such as ``a`` costs no more than a rare word.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from ..ontology.terms import FP
from .errors import SnapshotDamaged
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
# Papers that a resource may be in; more digits are no count.
_COUNT: Final = re.compile(r"[0-9]{1,12}")
# Classes of what has a name in the index.
INDEXED: Final = (*_CLASSES, FP.Paper)
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 12
_LONGEST: Final = 200
# Entries that are looked at beyond those shown, of which the exact ones come first.
_CONSIDERED: Final = 200
# Steps of SQLite's machine between two looks at whether a question took too long.
_STEPS: Final = 200_000
_MOST_LOOKS: Final = 20
_TOO_LONG: Final = "indexing took too long"

# Name, IRI, kind, label and papers.
Entry: TypeAlias = tuple[str, str, str, str, int]
# Between the ids of two neighbours so many bits are free, for entries that come later.
GAP_BITS: Final = 24

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


def build_index(store: Store, path: Path, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Write the index of a store, of the names in all its graphs; memory does not grow with it.

    Args:
        store: to index.
        path: file to make; there is none yet, nor is there after an error.
        stop: asked now and then whether to give up.

    Returns:
        Number of entries.

    Raises:
        TimeoutError: ``stop`` said so.
        MemoryError: there is not enough of it.
        OSError: the store cannot be read, or the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path)) as index:
            index.set_progress_handler(stop, _STEPS)
            return _write(index, _until(_entries(store), stop))
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error):
            if str(error) == "interrupted":
                raise TimeoutError(_TOO_LONG) from error
            raise OSError(f"the search index {path} cannot be written: {error}") from error
        raise


def _write(index: sqlite3.Connection, entries: Iterable[Entry]) -> int:
    index.execute("PRAGMA journal_mode = OFF")
    index.execute("PRAGMA synchronous = OFF")
    index.executescript(_SCHEMA)
    index.executemany("INSERT INTO raw VALUES (?, ?, ?, ?, ?)", entries)
    add_functions(index)
    index.execute(
        "INSERT INTO entries (id, name, iri, kind, label, papers, folded) "
        "SELECT (ROW_NUMBER() OVER (ORDER BY papers DESC, kind = 'paper', name, iri, kind)) << ?, "
        "name, iri, kind, label, papers, folded(name) FROM raw",
        (GAP_BITS,),
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


def add_functions(index: sqlite3.Connection) -> None:
    """Let SQL fold names as the search does."""
    index.create_function("folded", 1, _folded, deterministic=True)
    index.create_function("joined", 1, _joined, deterministic=True)
    index.create_function("spelled", 1, _spelled, deterministic=True)


def holds_names(store: Store, graph: NamedNode | DefaultGraph) -> bool:
    """Whether what a graph of the store says can be in an index."""
    names = ("skos:prefLabel", "skos:altLabel", "dcterms:title")
    patterns: list[tuple[NamedNode, NamedNode | None]] = [
        (node(FP.paperCount), None),
        *((term(name), None) for name in names),
        *((term("rdf:type"), node(class_)) for class_ in INDEXED),
    ]
    return any(
        next(iter(store.quads_for_pattern(None, name, value, graph)), None) is not None
        for name, value in patterns
    )


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
    """Whether it can be searched: one of an older version, or of a long update, has no index."""
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


def _entries(store: Store) -> Iterator[Entry]:
    """Every entry; by hand anything may have been written."""
    for class_, kind in _CLASSES.items():
        before = [node(each) for each in _CLASSES if _CLASSES[each] == kind]
        del before[before.index(node(class_)) :]
        for thing in _members(store, node(class_)):
            if not any(_first(store, thing, term("rdf:type"), each) for each in before):
                yield from _named(store, thing, kind)
    for paper in _members(store, node(FP.Paper)):
        yield from _titled(store, paper)


def entries_of(store: Store, thing: NamedNode) -> Iterator[Entry]:
    """The entries of one thing, of whatever kinds it is."""
    types = store.quads_for_pattern(thing, term("rdf:type"), None, None)
    classes = {each.object.value for each in types if isinstance(each.object, NamedNode)}
    for kind in {_CLASSES[each] for each in classes & _CLASSES.keys()}:
        yield from _named(store, thing, kind)
    if FP.Paper in classes:
        yield from _titled(store, thing)


def _named(store: Store, thing: NamedNode, kind: str) -> Iterator[Entry]:
    labels = _literals(store, thing, term("skos:prefLabel"))
    label = labels[0] if labels else thing.value
    papers = max(map(_number, _literals(store, thing, node(FP.paperCount))), default=0)
    for name in (*labels, *_literals(store, thing, term("skos:altLabel"))):
        yield name, thing.value, kind, label, papers


def _titled(store: Store, paper: NamedNode) -> Iterator[Entry]:
    for title in _literals(store, paper, term("dcterms:title")):
        yield title, paper.value, "paper", title, 0


def _members(store: Store, class_: NamedNode) -> Iterator[NamedNode]:
    """Those of a class in any graph, each once, without a list of them."""
    for quad in store.quads_for_pattern(None, term("rdf:type"), class_, None):
        thing = quad.subject
        if isinstance(thing, NamedNode):
            first = _first(store, thing, quad.predicate, class_)
            if first is not None and first.graph_name == quad.graph_name:
                yield thing


def _first(store: Store, thing: NamedNode, name: NamedNode, value: NamedNode) -> Quad | None:
    return next(iter(store.quads_for_pattern(thing, name, value, None)), None)


def _literals(store: Store, thing: NamedNode, name: NamedNode) -> list[str]:
    found = store.quads_for_pattern(thing, name, None, None)
    return sorted({quad.object.value for quad in found if isinstance(quad.object, Literal)})


def _number(written: str) -> int:
    return int(written) if _COUNT.fullmatch(written) else 0


def _until(entries: Iterator[Entry], stop: Callable[[], bool]) -> Iterator[Entry]:
    for entry in entries:
        if stop():
            raise TimeoutError(_TOO_LONG)
        yield entry


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
