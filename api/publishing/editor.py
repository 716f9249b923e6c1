"""The query editor of the site: Oxigraph as WebAssembly, and the graph for it, in scripts.

A page that was opened from a disk may load scripts and nothing else, so the engine and the graph
are text inside scripts. They are compressed, and loaded when a query is run for the first time.
"""

from __future__ import annotations

import base64
import gzip
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ...graph.nquads import sorted_nquads
from ...ontology.terms import PREFIXES
from ...queries import Library
from ..context import SHOWN_ROWS
from ..templating import web_folder
from .asking import drive
from .building import Building, Options
from .paths import KINDS, LONGEST
from .search import call
from .templates import publishing_folder

# Bytes of compressed graph in one script; a multiple of three, so that base64 needs no padding.
PART: Final = 3 * 1024 * 1024
_ENGINE: Final = ("web.js", "web_bg.wasm")
# Longest time a query may take in the browser, in seconds.
DEADLINE: Final = 60
_BLANK: Final = """PREFIX fp: <https://w3id.org/fairpapers/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?dataset ?name ?papers
WHERE {
  ?dataset a fp:Dataset ;
           skos:prefLabel ?name ;
           fp:paperCount ?papers .
}
ORDER BY DESC(?papers) ?name
LIMIT 20
"""


def engine_folder() -> Path:
    """Where `make editor` puts the engine."""
    return web_folder() / "vendor" / "oxigraph"


def has_engine() -> bool:
    """Whether the engine was built into this installation."""
    return all((engine_folder() / name).is_file() for name in _ENGINE)


def write_editor(building: Building) -> None:
    """Write the editor and what it loads, or the page that says why there is none."""
    missing = building.no_editor
    parts: list[int] = []
    loaded = 0
    if not missing:
        engine = _engine()
        building.write("editor/engine.js", engine)
        loaded = len(engine)
        parts = list(_write_graph(building))
        building.write("static/editor.js", _script())
    triples = sum(building.snapshot.triples.values())
    library = _askable(building.library)
    building.page(
        "editor.html",
        "site-editor.html",
        about={"@type": "WebApplication", "name": "SPARQL editor"},
        scripts="" if missing else "editor",
        heading="Editor",
        section="editor.html",
        missing=missing,
        text=_BLANK,
        groups=library.groups().items(),
        prefixes=PREFIXES.items(),
        settings={
            "base": building.base,
            "kinds": KINDS,
            "longest": LONGEST,
            "shown": SHOWN_ROWS,
            "deadline": DEADLINE,
            "triples": triples,
            "sizes": parts,
        },
        queries=[] if missing else _queries(building),
        megabytes=(sum(parts) + loaded) / 1e6,
        triples=triples,
        deadline=DEADLINE,
        shown=SHOWN_ROWS,
    )


def why_no_editor(options: Options, triples: int) -> str:
    """Why a graph of so many triples gets no editor; empty where it gets one."""
    if not options.editor:
        return "It was left out when this site was made."
    if triples > options.editor_triples:
        return (
            f"The graph has {triples:,} triples, and this site offers at most "
            f"{options.editor_triples:,} to a browser."
        )
    if not has_engine():
        return (
            "The engine, Oxigraph as WebAssembly, was not part of the installation that made this "
            "site: run `make editor` in the checkout of fairpapers (it needs Node and npm), and "
            "make the site again."
        )
    return ""


def _engine() -> bytes:
    """The engine with our worker's code behind it, and the WebAssembly, as one script."""
    source = (engine_folder() / "web.js").read_text(encoding="utf-8")
    worker = (publishing_folder() / "static" / "worker.js").read_text(encoding="utf-8")
    wasm = (engine_folder() / "web_bg.wasm").read_bytes()
    packed = base64.b64encode(gzip.compress(wasm, 9, mtime=0)).decode()
    return call("fairpapersEngine", f"{classic(source)}\n{worker}", packed)


def classic(module: str) -> str:
    r"""An ECMAScript module as statements of a classic script: what it exports is in scope.

    >>> classic('import { a } from "./a.js";\nexport function b() { return a; }\n')
    '\nfunction b() { return a; }\n'
    """
    text = re.sub(r"^import [^;]*;", "", module, flags=re.MULTILINE)
    text = re.sub(r"^export \{[^}]*\};?", "", text, flags=re.MULTILINE)
    text = re.sub(r"^export (?=async |function|class|const|let)", "", text, flags=re.MULTILINE)
    # Only read where no WebAssembly is handed over, which the worker always does.
    return text.replace("import.meta.url", '""')


def _script() -> bytes:
    """The editor's modules as one classic script: pages on a disk cannot load modules."""
    server = web_folder() / "static"
    modules = [
        server / "answer.js",
        server / "paint.js",
        publishing_folder() / "static" / "binding.js",
        publishing_folder() / "static" / "engine.js",
        publishing_folder() / "static" / "editor.js",
    ]
    body = "\n".join(classic(path.read_text(encoding="utf-8")) for path in modules)
    return f'"use strict";\n(() => {{\n{body}\n}})();\n'.encode()


def _write_graph(building: Building) -> Iterator[int]:
    """Write the graph as scripts; gives the size of each in bytes."""
    lines = _counted(building, sorted_nquads(building.asker.store))
    for number, piece in enumerate(pieces(lines)):
        script = call("fairpapersPart", number, base64.b64encode(piece).decode())
        building.write(f"editor/graph-{number}.js", script)
        yield len(script)


def _counted(building: Building, lines: Iterable[str]) -> Iterator[str]:
    total = sum(building.snapshot.triples.values())
    for done, line in enumerate(lines, 1):
        yield line
        if done % 10_000 == 0:
            building.progress("editor", done, total)


def pieces(lines: Iterable[str], size: int = PART) -> Iterator[bytes]:
    """Compress lines to one gzip stream, in pieces of a size; the last one may be shorter."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as packed:
        for line in lines:
            packed.write(line.encode())
            if buffer.tell() >= size:
                content = buffer.getvalue()
                whole = len(content) // size * size
                for start in range(0, whole, size):
                    yield content[start : start + size]
                buffer.seek(0)
                buffer.truncate()
                buffer.write(content[whole:])
    rest = buffer.getvalue()
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def _askable(library: Library) -> Library:
    """Those queries that ask the graph alone: a page in a browser asks nobody else."""
    return Library({query.id: query for query in library.values() if not query.federates})


def _queries(building: Building) -> list[dict[str, object]]:
    """The library as the editor's script reads it."""
    context = building.context("")
    found: list[dict[str, object]] = []
    for query in _askable(building.library).values():
        offered = drive(context.offered(query))
        found.append(
            {
                "id": query.id,
                "title": query.title,
                "question": query.question,
                "text": query.text,
                "parameters": [
                    {
                        "name": each.name,
                        "type": each.type,
                        "label": each.label,
                        "description": each.description,
                        "default": each.default,
                        "minimum": each.minimum,
                        "maximum": each.maximum,
                        "only": list(each.values) if isinstance(each.values, tuple) else [],
                        "choices": offered[each.name],
                    }
                    for each in query.parameters
                ],
            }
        )
    return found
