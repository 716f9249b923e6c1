"""The English tokenizer, extended by the borders that names in abstracts need."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

# LaTeX commands that survive in abstracts: \textsc{Name}.
_PREFIXES = (r"\\[a-z]+\{", r"[lLdDnN]['’](?=[^\W\d_]{3})")
_INFIXES = (r"[{}@\[\]()]", r"(?<=[^\W\d_])[-–/+=](?=[^\W_])")
_SUFFIXES = (r"\}", r"(?<=[^\W_])\.", r"[-–/]")


def customize(nlp: Language) -> None:
    """Give ``nlp`` a tokenizer that splits at brackets, braces, hyphens, ``@`` and final stops.

    Addresses stay whole, so that nothing inside one can become a span.
    """
    defaults = nlp.Defaults
    prefixes = compile_prefix_regex([*_PREFIXES, *(defaults.prefixes or ())])
    infixes = compile_infix_regex([*_INFIXES, *(defaults.infixes or ())])
    suffixes = compile_suffix_regex([*_SUFFIXES, *(defaults.suffixes or ())])
    tokenizer: Any = nlp.tokenizer
    tokenizer.prefix_search = prefixes.search
    tokenizer.infix_finditer = infixes.finditer
    tokenizer.suffix_search = suffixes.search
