"""LaTeX to plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.corpus.latex import decode_latex, strip_latex
from fairpapers.extract.papers import normalize_line


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"G{\"o}del, {\'E}ric and Ma\c{c}on", "Gödel, Éric and Maçon"),
        (r"\L{}\'od\'z \aa \ss", "Łódź åß"),
        (r"{BERT} and {{N}ested}", "BERT and Nested"),
        (r"\emph{very} \textbf{bold} {\it old}", "very bold old"),
        (r"50\% and 5% more", "50% and 5% more"),
        (r"R\&D for \$5, \#1, a\_b, \{x\}", "R&D for $5, #1, a_b, {x}"),
        (r"$\alpha$ and $\Omega$", "α and Ω"),
        (r"a -- b --- ``c''", "a – b — “c”"),
        ("one~two\\\\three\n four\\,five", "one two three four five"),
        (r"\LaTeX{} users", "LaTeX users"),
        ("already Größe 数据", "already Größe 数据"),
        ("{ unbalanced", "unbalanced"),
        ("end\\", "end"),
    ],
)
def test_prose_is_decoded(latex: str, text: str) -> None:
    assert decode_latex(latex) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"https://example.org/a\_b\%20c--d~e", "https://example.org/a_b%20c--d~e"),
        (r"{10.1000/x}", "10.1000/x"),
        (r"\url{https://example.org}", "https://example.org"),
    ],
)
def test_addresses_lose_escapes_only(latex: str, text: str) -> None:
    assert strip_latex(latex) == text


@given(st.text() | st.text("\\{}$%~^_`'\"-abcß \n"))
def test_any_text_is_decoded_to_a_normalized_line(text: str) -> None:
    line = decode_latex(text)
    assert normalize_line(line) == line
