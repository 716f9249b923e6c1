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

    def allows(self, authorization: str | None) -> bool:
        """Whether an Authorization header holds the token.

        The comparison takes the same time whatever is wrong.
        """
        token = _token(authorization)
        return (
            self._digest is not None
            and token is not None
            and hmac.compare_digest(_digest(token), self._digest)
        )

    def check(self, authorization: str | None) -> None:
        """Let a request through that holds the token.

        Raises:
            UpdatesDisabledError: nobody may.
            TokenRequiredError: the token is missing or another.
        """
        if not self.enabled:
            raise UpdatesDisabledError
        if not self.allows(authorization):
            raise TokenRequiredError(wrong=_token(authorization) is not None)


def _token(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").strip().partition(" ")
    return token.strip() or None if scheme.casefold() == _SCHEME else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
