"""Validate an RO-Crate without network: ``rocrate_offline.py CRATE CACHE [ARGUMENT ...]``.

Run by the Python of the validators. The validator takes the context of RO-Crate from its HTTP
cache alone; this puts the copy that the package rocrate carries there, under the address of the
version it names, then hands over to the validator's own command line.
"""

from __future__ import annotations

import io
import json
import sys
from importlib.resources import files
from typing import Any

from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response
from requests_cache import CachedSession
from rocrate_validator.cli.main import cli
from urllib3 import HTTPResponse

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


class _FromPackage(BaseAdapter):
    """Answers with the context; nothing leaves the machine."""

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        body = files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
        assert json.loads(body)["@id"] == CONTEXT
        raw = HTTPResponse(body=io.BytesIO(body), status=200, preload_content=False)
        raw._request_url = request.url  # The cache reads it there.
        response = Response()
        response.status_code = 200
        response.url = str(request.url)
        response.request = request
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = raw
        return response

    def close(self) -> None:
        pass


def main() -> None:
    crate, cache, *arguments = sys.argv[1:]
    with CachedSession(cache, backend="sqlite", expire_after=-1) as session:
        session.mount("https://", _FromPackage())
        session.get(CONTEXT)
    command = ["--no-interactive", "--disable-color", "validate", "--offline"]
    sys.argv = ["rocrate-validator", *command, "--cache-path", cache, *arguments, crate]
    cli()


if __name__ == "__main__":
    main()
