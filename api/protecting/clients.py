"""Who a client is, and how often it may ask."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

# Beyond these the quietest clients are forgotten, which is to say: they may ask again.
_MOST_CLIENTS: Final = 20_000
# One household or server has a network of IPv6 of this size, so it counts as one client.
_IPV6_PREFIX: Final = 64


def client_of(
    peer: str | None,
    forwarded: str | None,
    trusted: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> str:
    """Name the client of a request.

    X-Forwarded-For is read from its end, where the nearest proxy wrote, and only as long as
    whoever wrote is trusted: what a client itself puts there is never believed.

    Args:
        peer: address of the other end of the connection.
        forwarded: all values of X-Forwarded-For, joined by commas.
        trusted: proxies.
    """
    client = _address(peer or "")
    if client is None:
        return ""
    hops = [] if forwarded is None else forwarded.split(",")
    while hops and any(client in network for network in trusted):
        hop = _address(hops.pop())
        if hop is None:
            break
        client = hop
    if client.version == 6:
        return str(ipaddress.ip_network((client, _IPV6_PREFIX), strict=False))
    return str(client)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


class RateLimit:
    """A token bucket for each client.

    Args:
        rate: requests a second that a client may make in the long run.
        burst: requests that a client who was quiet may make at once.
        clock: seconds, never going back.
    """

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str) -> float:
        """Count a request; returns 0 if it may be answered, else the seconds until the next may."""
        now = self._clock()
        tokens, since = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[client] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return wait
