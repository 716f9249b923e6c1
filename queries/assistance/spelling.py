"""Names that look like a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .known import local_of, namespace_of

_MOST = 3
# Each is compared letter by letter with each that is unknown.
_MOST_COMPARED = 300


def distance(first: str, second: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour; ``most + 1`` stands for more.

    >>> distance("uses", "usse", 3), distance("task", "dataset", 2)
    (1, 3)
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    two: list[int] = []
    one = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        now = [row]
        for column, other in enumerate(second, 1):
            cost = min(one[column] + 1, now[-1] + 1, one[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == second[column - 2]
            if swapped and first[row - 2] == other:
                cost = min(cost, two[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        two, one = one, now
    return min(one[-1], most + 1)


def near_iris(iri: str, terms: Mapping[str, int]) -> list[str]:
    """Terms that may have been meant, the likeliest first.

    In another namespace only a term of the same or nearly the same name counts.

    Args:
        iri: what was written.
        terms: how often each is used.
    """
    name, namespace = local_of(iri).casefold(), namespace_of(iri)
    if not name:
        return []
    found = []
    for term, used in terms.items():
        same = namespace_of(term) == namespace
        most = max(1, min(3, len(name) // 3)) if same else min(1, len(name) // 5)
        far = distance(name, local_of(term).casefold(), most)
        if far <= most and term != iri:
            found.append((far + (not same), not same, -used, term))
    # One of another namespace is thought of where the own one has none.
    own = [each for each in found if not each[1]]
    return [term for *_, term in sorted(own or found)[:_MOST]]


def near_names(name: str, names: Iterable[str]) -> list[str]:
    """Names of variables that may have been meant, the likeliest first; none of very many."""
    names = set(names)
    if len(names) > _MOST_COMPARED:
        return []
    most = max(1, min(2, len(name) // 3))
    found = [(distance(name.casefold(), each.casefold(), most), each) for each in names]
    return [each for far, each in sorted(found) if far <= most and each != name][:_MOST]
