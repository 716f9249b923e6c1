"""A store that is changed quad by quad, with an account of what came and went."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Quad, Store

from ..content import Content
from ..errors import GraphDiffers

# More quads than this go into files of the store at once, and not through a transaction in memory.
_TRANSACTION: Final = 100_000


class Edit:
    """Changes a copy of a store.

    Args:
        old: the store as it was.
        new: its copy, which is written.
        content: the sum over the quads of ``old``.

    Attributes:
        added: quads that came.
        removed: quads that went.
        content: the sum over the quads of ``new``.
    """

    def __init__(self, old: Store, new: Store, content: Content) -> None:
        self._old, self._new = old, new
        self.added: set[Quad] = set()
        self.removed: set[Quad] = set()
        self.content = content

    def replace(self, before: Iterable[Quad], after: Iterable[Quad]) -> None:
        """Put quads in the place of others; those that are among both stay.

        Raises:
            GraphDiffers: a quad to take out is not there, or one to put in is.
        """
        went, came = set(before), set(after)
        same = went & came
        went -= same
        came -= same
        for quad in went:
            if quad not in self._old:
                raise GraphDiffers(str(quad), there=False)
            self._new.remove(quad)
        for quad in came:
            if quad in self._old:
                raise GraphDiffers(str(quad), there=True)
        if len(came) > _TRANSACTION:
            self._new.bulk_extend(came)
        else:
            self._new.extend(came)
        self.content.remove(went)
        self.content.add(came)
        self.removed |= went
        self.added |= came
