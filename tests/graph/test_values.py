"""Figures and units as they stand in texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.graph.values import canonical_decimal, find_unit, normalize, parse_decimal


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("60.83", "60.83"),
        ("1,200", "1200"),
        ("1,234,567.5", "1234567.5"),
        ("-3.2", "-3.2"),
        ("−3.2", "-3.2"),
        ("+0.4", "0.4"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.2e-3", "0.0012"),
        ("2E3", "2000"),
        (" 7 ", "7"),
        ("007", "7"),
    ],
)
def test_decimal_figures_are_read_exactly(written: str, value: str) -> None:
    assert parse_decimal(written) == Decimal(value)


@pytest.mark.parametrize(
    "written",
    [
        *("", "-", ".", "1,20", "1,2000", "12,34,567", "55 and 60", "half", "1/2", "NaN", "inf"),
        *("1e99", "1_000", "٣", "1.2.3", "0x10", "5%", "1e", "137K", "1" * 20, "--1"),
    ],
)
def test_anything_else_is_no_figure(written: str) -> None:
    assert parse_decimal(written) is None


@given(st.text())
def test_any_text_is_read_or_refused(written: str) -> None:
    value = parse_decimal(written)
    assert value is None or value.is_finite()


decimals = st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
)


@given(decimals)
def test_the_canonical_form_is_canonical_and_exact(value: Decimal) -> None:
    text = canonical_decimal(value)
    assert Decimal(text) == value
    assert "e" not in text.lower()
    assert not text.startswith("+")
    assert "." not in text or text[-1] not in "0."
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    ("written", "unit", "value", "normalized"),
    [
        ("%", "PERCENT", "60.83", "0.6083"),
        ("percentage points", "PERCENT", "1.5", "0.015"),
        ("points", "UNITLESS", "1.5", None),
        ("x", "UNITLESS", "2.5", "2.5"),
        ("s", "SEC", "3", "3"),
        ("ms", "MilliSEC", "350", "0.35"),
        ("hours", "HR", "2", "7200"),
        ("GB", "GigaBYTE", "1.5", "1500000000"),
    ],
)
def test_units_and_normalized_values(
    written: str, unit: str, value: str, normalized: str | None
) -> None:
    found = find_unit(written)
    assert found is not None
    assert found.iri == f"http://qudt.org/vocab/unit/{unit}"
    expected = None if normalized is None else Decimal(normalized)
    assert normalize(Decimal(value), found) == expected


def test_unknown_units_are_none() -> None:
    assert find_unit("tokens per second") is None
    assert find_unit(None) is None
    assert normalize(Decimal(1), None) is None
