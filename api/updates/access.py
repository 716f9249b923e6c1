"""Who may change the graph: whoever sends the operator's token (RFC 6750, section 2.1)."""

from __future__ import annotations

import hashlib
import hmac

from pydantic import SecretStr

from ..errors import TokenRequiredError, UpdatesDisabledError

_SCHEME = "bearer"


class UpdateAccess:
    """Checks the token of a change.

    Only a digest is kept, so that neither a dump of the state nor a log line can hold the token.

    Args:
        secret: the token; None where no change is allowed.
    """

    def __init__(self, secret: SecretStr | None) -> None:
        self._digest = None if secret is None else _digest(secret.get_secret_value())

    @property
    def enabled(self) -> bool:
        """Whether anybody may change the graph."""
        return self._digest is not None

    def check(self, authorization: str | None) -> None:
        """Let a request through by its Authorization header.

        The comparison takes the same time whatever is wrong.

        Raises:
            UpdatesDisabledError: nobody may.
            TokenRequiredError: the token is missing or another.
        """
        if self._digest is None:
            raise UpdatesDisabledError
        scheme, _, token = (authorization or "").strip().partition(" ")
        if scheme.casefold() != _SCHEME or not token.strip():
            raise TokenRequiredError(wrong=False)
        if not hmac.compare_digest(_digest(token.strip()), self._digest):
            raise TokenRequiredError(wrong=True)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
