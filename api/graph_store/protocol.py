"""Which graph a request of the Graph Store Protocol is about, and what it sends.

Specification: https://www.w3.org/TR/sparql11-http-rdf-update/ sections 4 and 5. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Final

from ..errors import MalformedRequestError, MethodNotAllowedError, UnsupportedMediaError
from ..formats import GRAPHS
from ..negotiation import named
from ..protocol import format_of, parse_parameters
from ..updates.changes import Part

METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
MULTIPART: Final = "multipart/form-data"
_MOST_PARTS: Final = 100


@dataclass(frozen=True, slots=True)
class Target:
    """The graph that a request is about.

    Attributes:
        graph: its IRI; None is the unnamed graph, or none at all where ``new``.
        new: the request asks for a graph that is to be made and named by the server.
        format: short name of ``?format=``, where one was given.
    """

    graph: str | None
    new: bool = False
    format: str | None = None


def target(method: str, query_string: bytes, direct: str | None = None) -> Target:
    """Find the graph of a request.

    Args:
        method: upper-case.
        query_string: as sent.
        direct: the IRI that the path stands for; None for the graph store itself, where
            ``?graph=IRI`` or ``?default`` names the graph.

    Raises:
        MethodNotAllowedError: a method that the protocol has no meaning for.
        MalformedRequestError: no graph is named, or more than one.
    """
    if method not in METHODS:
        raise MethodNotAllowedError(method, METHODS)
    parameters = parse_parameters(query_string)
    graphs = [value for name, value in parameters if name == "graph"]
    default = any(name == "default" for name, _ in parameters)
    format_ = format_of(parameters)
    if direct is not None:
        if graphs or default:
            raise MalformedRequestError("the path names a graph, so graph and default must not")
        return Target(direct, format=format_)
    if len(graphs) + default > 1:
        raise MalformedRequestError("name one graph, by graph or by default")
    if not graphs and not default:
        if method == "POST":
            return Target(None, new=True)
        raise MalformedRequestError("name a graph by ?graph=IRI, or the unnamed one by ?default")
    return Target(graphs[0] if graphs else None, format=format_)


def parts(content_type: str | None, body: bytes) -> tuple[Part, ...]:
    """The RDF that was sent; a form of several files gives several parts.

    Raises:
        UnsupportedMediaError: a type that is no RDF, or another charset than UTF-8.
        MalformedRequestError: the form is broken, or text that is not UTF-8.
    """
    if content_type is None:
        raise UnsupportedMediaError(None, _types())
    message = Message()
    message["Content-Type"] = content_type
    if message.get_content_type() != MULTIPART:
        return (_part(message, content_type, body),)
    return tuple(_form_parts(content_type, body))


def _form_parts(content_type: str, body: bytes) -> Iterator[Part]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    form = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    inner = list(form.iter_parts()) if form.is_multipart() else []
    if form.defects or not 0 < len(inner) <= _MOST_PARTS:
        raise MalformedRequestError(f"the form is broken, or has more than {_MOST_PARTS} parts")
    for each in inner:
        data = each.get_payload(decode=True)
        if not isinstance(data, bytes):
            raise MalformedRequestError("a form within the form")
        yield _part(each, each.get("Content-Type"), data)


def _part(message: Message, content_type: str | None, data: bytes) -> Part:
    offer = named(message.get_content_type(), GRAPHS)
    charset = str(message.get_param("charset", "utf-8")).casefold()
    if offer is None or charset not in ("utf-8", "utf8"):
        shown = None if content_type is None else str(content_type)[:200]
        raise UnsupportedMediaError(shown, _types())
    try:
        return Part(media_type=offer.media_type, data=data.decode())
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"not UTF-8 at byte {error.start}") from None


def _types() -> Sequence[str]:
    return [offer.media_type for offer in GRAPHS] + [MULTIPART]
