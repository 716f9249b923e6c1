"""Read query files: YAML front matter in ``#+`` comment lines, SPARQL below them.

The notation is that of grlc (https://grlc.io). Unlike there, whatever is wrong with the front
matter is an error that names the file and the line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import yaml
from pydantic import ValidationError

from .errors import Fault, LibraryError
from .metadata import Metadata
from .query import Query, query_form

Location = tuple[int | str, ...]

_MARK = "#+"


@dataclass(frozen=True, slots=True)
class QueryFile:
    """A query, and where in its file each part of it stands.

    Attributes:
        path: the file.
        query: what it holds.
        first_line: the 1-based line on which ``query.text`` starts.
    """

    path: Path
    query: Query
    first_line: int
    _root: yaml.MappingNode

    def in_text(self, line: int, message: str) -> Fault:
        """A fault on a line of ``query.text``, counted from 1."""
        return Fault(self.path, self.first_line + line - 1, message)

    def in_front_matter(self, location: Location, message: str) -> Fault:
        """A fault of a field, such as ``("parameters", 0, "default")``."""
        return _fault(self.path, self._root, location, message)


def read_query(path: Path) -> QueryFile:
    """Read one ``.rq`` file.

    Raises:
        LibraryError: it is no UTF-8 text, has no front matter, or one that is not valid.
    """
    try:
        # Some editors begin a file with a byte order mark.
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _error(path, 1, f"cannot be read as UTF-8 text: {error}") from error
    lines = text.splitlines(keepends=True)
    front = list(takewhile(lambda line: line.startswith(_MARK), lines))
    blank = list(takewhile(lambda line: not line.strip(), lines[len(front) :]))
    first_line = len(front) + len(blank) + 1
    body = "".join(lines[first_line - 1 :]).rstrip() + "\n"
    root = _compose(path, front)
    metadata = _validate(path, root)
    form = query_form(body)
    if form is None:
        raise _error(path, first_line, "wanted is SELECT, ASK, CONSTRUCT or DESCRIBE")
    slug = path.stem.removeprefix(metadata.id).lstrip("-")
    query = Query(**metadata.model_dump(), text=body, form=form, slug=slug)
    return QueryFile(path, query, first_line, root)


def _compose(path: Path, front: list[str]) -> yaml.MappingNode:
    if not front:
        raise _error(path, 1, f"no front matter; the first lines must be '{_MARK} field: value'")
    document = "".join(line.removeprefix(_MARK).removeprefix(" ") for line in front)
    try:
        root = yaml.compose(document, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _error(path, line, f"front matter is no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        fault = " ".join(str(error).split())
        raise _error(path, 1, f"front matter is no YAML: {fault}") from error
    if not isinstance(root, yaml.MappingNode):
        raise _error(path, 1, f"front matter must be lines of '{_MARK} field: value'")
    return root


def _validate(path: Path, root: yaml.MappingNode) -> Metadata:
    faults: list[Fault] = []
    # BaseLoader leaves every scalar a string, so that neither `no` nor 010 changes its meaning.
    data = _value(path, root, faults)
    try:
        metadata = Metadata.model_validate(data)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            field = ".".join(str(part) for part in each["loc"])
            fault = _fault(path, root, each["loc"], f"{field}: {_message(each['msg'])}")
            faults.append(replace(fault, check="front-matter"))
    else:
        if not faults:
            return metadata
    raise LibraryError(sorted(faults, key=lambda fault: fault.line))


def _message(text: str) -> str:
    return {
        "Extra inputs are not permitted": "there is no such field",
        "Field required": "this field is missing",
    }.get(text, text)


def _value(path: Path, node: yaml.Node, faults: list[Fault]) -> object:
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for key, value in node.value:
            if key.value in found:
                message = f"{key.value}: this field stands twice"
                faults.append(Fault(path, key.start_mark.line + 1, message, "front-matter"))
            found[str(key.value)] = _value(path, value, faults)
        return found
    if isinstance(node, yaml.SequenceNode):
        return tuple(_value(path, item, faults) for item in node.value)
    return str(node.value)


def _fault(path: Path, root: yaml.Node, location: Location, message: str) -> Fault:
    line = root.start_mark.line
    node = root
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
    return Fault(path, line + 1, message)


def _error(path: Path, line: int, message: str) -> LibraryError:
    return LibraryError([Fault(path, line, message)])
