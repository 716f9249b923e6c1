"""Naming patterns: what a paper introduces, names before a head noun, metrics, model versions.

Each rule is a named, pure function from the text to candidates; every repetition is bounded, so
that matching is linear in the length of the text. Which rules run is a setting of the component.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from ..records import Label
from .mentions import (
    Candidate,
    add_free,
    overrule,
    read_mentions,
    register_extensions,
    write_mentions,
)

# A proper name: two capitals, or a capital and a digit, within one word ("DialoGPT", "Wav2Vec").
_NAME = (
    r"(?<![\w\-–/.@#])(?=[\w\-+.]{0,30}(?:[A-Z][\w\-+.]{0,30}[A-Z0-9]|[a-z][A-Z]))"
    r"[A-Za-z][\w+]{0,30}(?:[-–.][\w+]{1,20}){0,3}"
)
_DATA_HEAD = r"(?:datasets?|data sets?|corpus|corpora|benchmarks?|treebanks?|test ?sets?|leaderboards?|shared tasks?|test suites?|knowledge bases?)"
_PROPOSE = r"\b(?:we|We|this paper|This paper|this work|This work|paper|work)\s(?:\w{1,12}\s){0,3}(?:introduces?|presents?|proposes?|releases?|develops?|describes?|creates?|builds?|constructs?|publish|designs?|contributes?|introduced|proposed|presented|developed|created|built)\s"
_DATA_WORDS = re.compile(
    r"\b(?:datasets?|data set|corpus|corpora|benchmark|treebank|test ?set|test suite|testbed"
    r"|collection|leaderboard|resource|challenge)\b",
    re.IGNORECASE,
)
_MODEL_WORDS = re.compile(
    r"\b(?:language models?|LLMs?|pre-?trained [\w -]{0,30}?models?|foundation models?"
    r"|family of models|checkpoints?)\b",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    re.findall(
        r"\S+",
        """
        AI NLP LLM LLMs PLM PLMs LM LMs VLM VLMs MLLM MLLMs LVLM LVLMs HCI CV IT ML DL SOTA GPU GPUs
        CPU CPUs API APIs URL PDF HTML XML JSON ACL EMNLP NAACL COLING LREC US UK EU USA UN COVID
        COVID-19 GitHub YouTube II III IV POS SQL
        """,
    )
)
_DESCRIPTION = 80
_PLAIN_TITLE_WORDS = re.compile(
    r"(?i)(?:\w+ing|\w+s|beyond|introduction|overview|language|translation|summarization)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: what it finds in a text, and whether that overrules what it overlaps."""

    name: str
    find: Callable[[str], Iterator[tuple[int, int, Label]]]
    confidence: float
    overrules: bool = True


def _title_name(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find ``X`` in a title ``X: a …``; the words after the colon tell the kind."""
    title = text.partition("\n")[0]
    match = re.match(r"([^\s:][^:\n]{0,40}):\s(.{4,})", title)
    if match is None:
        return
    name = match.group(1).rstrip()
    words = name.split()
    coined = len(words) == 1 or (len(words) <= 3 and re.search(r"[A-Z0-9].*[A-Z0-9]", words[0][1:]))
    inner = any(c.isupper() or c.isdigit() for c in name[1:])
    if coined and (inner or (len(words) == 1 and name[0].isupper() and name not in _NOT_NAMES)):
        if len(words) == 1 and not inner and _PLAIN_TITLE_WORDS.fullmatch(name):
            return
        yield match.start(1), match.start(1) + len(name), _kind(match.group(2))


def _kind(words: str) -> Label:
    """Tell what is introduced from the words that describe it."""
    data, model = _DATA_WORDS.search(words), _MODEL_WORDS.search(words)
    if data and not re.match(r"(?i).{0,60}\bfor\b.{0,60}" + re.escape(data.group()), words):
        return "Dataset"
    if model and re.search(r"(?i)^(?:an?|the|our)?\s?[\w\s,-]{0,60}" + model.group(), words):
        return "Model"
    return "Method"


_PROPOSED = re.compile(
    _PROPOSE
    + r"(?P<pre>(?:(?:an?|the|our|two|new|novel|first)\s)?(?:[\w'-]{1,20}\s){0,4}?)"
    + rf"(?P<name>{_NAME})(?P<after>[^.\n]{{0,120}})"
)
_CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|namely|coined|call it|referred to as)\s[\"“‘']?"
    rf"(?P<name>{_NAME})"
)


def _introduced(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find ``X`` in "we propose X, a …"."""
    for match in _PROPOSED.finditer(text):
        name = match.group("name")
        if name not in _NOT_NAMES:
            yield *match.span("name"), _kind(f"{match.group('pre')} {match.group('after')}")


def _called(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find ``X`` in "a … called X"."""
    done = 0
    for match in _CALLED.finditer(text):
        before = text[max(done, match.start() - _DESCRIPTION) : match.start()]
        done = match.end()
        if match.group("name") not in _NOT_NAMES:
            yield (
                *match.span("name"),
                _kind(before[max(before.rfind("."), before.rfind("\n")) + 1 :]),
            )


def _before_head(head: str, label: Label) -> Callable[[str], Iterator[tuple[int, int, Label]]]:
    pattern = re.compile(rf"(?P<name>{_NAME})(?:\s\(?[\w-]{{1,20}}\)?)?\s{head}\b")

    def find(text: str) -> Iterator[tuple[int, int, Label]]:
        for match in pattern.finditer(text):
            if match.group("name") not in _NOT_NAMES:
                yield *match.span("name"), label

    return find


_METRIC = re.compile(
    r"(?<![\w-])(?:"
    r"(?:[Mm]acro|[Mm]icro|[Ww]eighted|[Bb]inary)(?:[- ](?:averaged?))?[- ]F1?(?:[- ](?:scores?|measures?))?"
    r"|F-?[0-9]?(?:\.5)?[- ](?:[Ss]cores?|[Mm]easures?)|F1|F0\.5"
    r"|(?:Sacre|sacre)?BLEU(?:-[1-4])?|ROUGE(?:-(?:[12L]|Lsum|LSUM|SU4|WE))?"
    r"|n?DCG@\d{1,4}|NDCG@\d{1,4}|[Rr]ecall@\d{1,4}|[Pp]recision@\d{1,4}|[Aa]cc(?:uracy)?@\d{1,4}"
    r"|[Hh]its?@\d{1,4}|[PRH]@\d{1,4}|MRR@\d{1,4}|MAP@\d{1,4}|pass@(?:\d{1,3}|k)"
    r"|(?:Pearson|Spearman)(?:[’']s)?(?: (?:rank|rho))?(?: correlations?)?(?: coefficients?)?"
    r"|(?:Cohen|Fleiss)[’']s? [Kk]appa|Krippendorff[’']s [Aa]lpha"
    r"|[a-z]{3,15}(?: [a-z]{3,15})? (?:accuracy|error rate)"
    r")(?![\w@])"
)
_NO_METRIC_WORD = re.compile(
    r"^(?:the|and|with|high|higher|better|best|an|in|of|its|their|our|improved?|good|on|for|increase|"
    r"improves?|low|lower|overall|more|achieves?|significant|final|similar|same|that|both|reach|"
    r"state|comparable|competitive|superior|reasonable|model|system|great|greater|reduces?|reduced|"
    r"increased?|improving|absolute|relative|maximum|highest|average|strong|whose|where|from|by|only|"
    r"detection|considerable|promising|impressive|remarkable|perfect|reported|gives?|obtain\w*|terms)\b"
)


def _metrics(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find metric names with a parameter or a qualifier ("nDCG@10", "macro-F1")."""
    for match in _METRIC.finditer(text):
        if not match.group().islower() or "@" in match.group():
            yield *match.span(), "Metric"


_VERSIONED = re.compile(
    r"(?<![\w-])(?:GPT|Llama|LLaMA|LLaMa|Mistral|Mixtral|Gemma|Gemini|Claude|Qwen|Phi|PaLM|OPT|BLOOMZ?|Falcon"
    r"|Pythia|OLMo|Yi|DeepSeek|Vicuna|Alpaca|Baichuan|ChatGLM|InternLM|Aya|T5|mT5|Flan-T5|FLAN-T5"
    r"|BERT|RoBERTa|ALBERT|DeBERTa|DistilBERT|XLM-R|XLM-RoBERTa|ELECTRA|BART|mBART|NLLB|Whisper"
    r"|Wav2Vec|wav2vec|ResNet|ViT|CLIP|LLaVA|CodeT5|StarCoder|Code ?Llama|Command)"
    r"(?:[- ]?v?\d{1,3}(?:\.\d{1,2})?(?:[A-Za-z]{1,2}(?![\w]))?"
    r"|-(?:[Bb]ase|[Ll]arge|[Ss]mall|[Tt]iny|[Mm]ini|XL|XXL|[Ii]nstruct|[Cc]hat|[Tt]urbo|Pro|Flash|Coder|R1|V3|medium|multilingual|nano|uncased|cased)"
    r"|(?: (?:Sonnet|Opus|Haiku|Turbo|Instruct|Chat|Pro|Flash))){1,5}(?!\w)"
)


def _versions(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find a model family's name with its version and size ("Llama-2-70B")."""
    for match in _VERSIONED.finditer(text):
        yield *match.span(), "Model"


_CAMPAIGN = re.compile(
    r"(?<![\w-])(?:SemEval|WMT|IWSLT|WAT|BEA|CoNLL|CLEF|TREC|TAC|DUC|BioCreative|MEDIQA|VLSP|FIRE|GermEval"
    r"|EVALITA|IberLEF|NTCIR|SIGMORPHON|BioNLP|VarDial|DSTC|SMM4H|CheckThat!?|BLP|ArabicNLP|NADI|LoResMT"
    r"|CASE|GEM|FEVER|AVeriTeC|DravidianLangTech|LT-EDI(?:[-@][A-Z]{2,6})?|BioLaySumm|SIGHAN|CALAMITA"
    r"|ArchEHR-QA|TSAR|AmericasNLP|MRL|CODI-CRAC|SciVQA|RIRAG|FinCausal|ClimateActivism)"
    r"[- ]?(?:’|'|@)?(?:20)?\d{2}(?:/(?:20)?\d{2})?"
    r"(?:[,:]? ?[Tt]ask ?-?\d{1,2}(?![\w])|(?:(?: [A-Z][\w-]{1,20}){1,5}| [Ss]hared)? [Tt]asks?(?! ?\d)\b)?(?![\w])"
)


def _campaigns(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find evaluation campaigns by name and year, and track ("SemEval-2023 Task 4")."""
    for match in _CAMPAIGN.finditer(text):
        yield *match.span(), "Dataset"


_TEAM = re.compile(
    r"[^\s:@]{2,20}(?: [^\s:@]{2,20})? ?@ ?([A-Z][\w’-]{2,30}(?: ?(?:20)?\d{1,2})?)\s?:"
)


def _team_at(text: str) -> Iterator[tuple[int, int, Label]]:
    """Find the campaign in a title ``TEAM@CAMPAIGN: …``."""
    match = _TEAM.match(text)
    if match:
        yield *match.span(1), "Dataset"


# Confidence: the share of each rule's spans that were right in 420 annotated papers, rounded.
RULES: tuple[Rule, ...] = (
    Rule("team-at", _team_at, 0.9),
    Rule("campaign", _campaigns, 0.85),
    Rule("title-name", _title_name, 0.55),
    Rule("introduced", _introduced, 0.55),
    Rule("called", _called, 0.6),
    Rule("version", _versions, 0.95),
    Rule("metric", _metrics, 0.75),
    Rule("data-head", _before_head(_DATA_HEAD, "Dataset"), 0.6, overrules=False),
)


def find_patterns(text: str, rules: Sequence[Rule] = RULES) -> list[Candidate]:
    """Apply the rules in order; a candidate of an earlier rule keeps its place."""
    found: list[Candidate] = []
    for rule in rules:
        new = [
            Candidate(s, e, label, rule.confidence, rule.name) for s, e, label in rule.find(text)
        ]
        found = add_free(found, new)
    return found


@Language.factory(
    "fairpapers_patterns",
    assigns=["doc.spans"],
    default_config={"without": []},
)
class Patterns:
    """Add what the rules find; ``without`` names rules to leave out."""

    def __init__(self, nlp: Language, name: str, without: list[str]) -> None:
        self.name = name
        self.rules = tuple(rule for rule in RULES if rule.name not in without)
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Put what the rules find in the place of what it overlaps, or, by the rule, beside it."""
        text = doc.text
        strong, weak = (
            find_patterns(text, [rule for rule in self.rules if rule.overrules is overrules])
            for overrules in (True, False)
        )
        write_mentions(doc, add_free(overrule(read_mentions(doc), strong), weak))
        return doc
