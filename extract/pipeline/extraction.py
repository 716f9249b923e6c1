"""Assemble the pipeline, run it over papers, and bring what it found into records."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Generator as Extracting
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from ..errors import ModelError
from ..papers import Paper
from ..records import Generator, Mention, Record, SourceInfo
from .components import entity_of, read_entities, read_results
from .encoder import DOUBTS, shipped_encoder
from .encoder import FACTORY as ENCODER
from .mentions import read_mentions
from .products import numpy_products
from .sentences import sentence_spans
from .sizes import read_sizes

COMPONENTS = (
    "fairpapers_sentences",
    "fairpapers_gazetteer",
    "fairpapers_patterns",
    "fairpapers_abbreviations",
    "fairpapers_labels",
    "fairpapers_propagation",
    "fairpapers_entities",
    "fairpapers_confidence",
    "fairpapers_roles",
    "fairpapers_results",
    "fairpapers_sizes",
)
BATCH = 32
LONGEST_TEXT = 50_000
_NO_WORD = re.compile(r"\S{300,}")
_META = "fairpapers"
_HERE = Path(__file__).resolve().parent
_LOG = logging.getLogger(__name__)


def shipped_model() -> Path | None:
    """Folder of the trained recogniser that comes with the package; None where there is none."""
    folder = _HERE.parent / "model"
    return folder if (folder / "config.cfg").is_file() else None


def load_pipeline(
    model: Path | None = None, *, rules_only: bool = False, accurate: Path | bool = False
) -> Language:
    """Load the recogniser and add our components after it.

    Without ``model`` the shipped one is taken; with ``rules_only``, or where none is shipped, the
    rules stand alone. With ``accurate`` an encoder and the recogniser mark spans together; it is
    the shipped encoder, or that of a folder. The rules alone have no use for it.

    Raises:
        ModelError: ``model`` is no folder with a spaCy pipeline.
        MissingExtraError: ``accurate`` is asked for without the packages that it needs.
        EncoderError: there is no encoder in the folder.
    """
    folder = None if rules_only else model or shipped_model()
    if folder is None:
        nlp = spacy.blank("en")
        nlp.meta[_META] = {"model": "rules", "sha256": folder_digest(_HERE, "*.json")}
    else:
        nlp = _load_model(folder)
        name = f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"
        nlp.meta[_META] = {"model": name, "sha256": folder_digest(folder)}
        if accurate:
            _add_encoder(nlp, shipped_encoder() if accurate is True else accurate)
        if not nlp.has_pipe("fairpapers_mentions"):
            nlp.add_pipe("fairpapers_mentions")
    for name in COMPONENTS:
        if not nlp.has_pipe(name):
            nlp.add_pipe(name)
    if nlp.has_pipe(ENCODER) and not nlp.has_pipe(DOUBTS):
        nlp.add_pipe(DOUBTS, after="fairpapers_propagation")
    return nlp


def folder_digest(folder: Path, pattern: str = "*") -> str:
    """SHA-256 over the files of a folder: each one's relative path and content, by path.

    What tells people about them (``.md``) does not count.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern), key=lambda p: p.relative_to(folder).as_posix()):
        if path.is_file() and path.suffix != ".md" and "__pycache__" not in path.parts:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def generator(nlp: Language | None = None) -> Generator:
    """Name what makes records: this program, its version, and the model of ``nlp``.

    Without ``nlp`` the pipeline that `load_pipeline` loads by default is meant.
    """
    about = (nlp or load_pipeline()).meta[_META]
    return Generator("fairpapers", version("fairpapers"), about["model"], about["sha256"])


def extract_records(
    papers: Iterable[Paper], nlp: Language, *, batch_size: int = BATCH
) -> Extracting[Record, None, None]:
    """Yield the record of each paper, in order, reading ahead by at most ``batch_size`` papers.

    Of a text longer than `LONGEST_TEXT` code points only the sentences before that length are
    analysed, with a warning to the log; offsets and digest are those of the whole text.
    """
    made_by = generator(nlp)
    texts = ((analysed_text(paper), paper) for paper in papers)
    for doc, paper in nlp.pipe(texts, as_tuples=True, batch_size=batch_size):
        yield to_record(doc, paper, made_by)


def to_record(doc: Doc, paper: Paper, made_by: Generator) -> Record:
    """Bring an analysed document and what is known of its paper into a record."""
    text, entity = doc.text, entity_of(doc)
    return Record(
        id=paper.id,
        key=paper.key,
        title=paper.title,
        source=source_info(paper),
        text_sha256=paper.text_sha256,
        text_length=len(paper.text),
        mentions=tuple(
            Mention(
                start=m.start,
                end=m.end,
                text=text[m.start : m.end],
                label=m.label,
                confidence=round(m.confidence, 3),
                entity=entity(m.start, m.end).id,
            )
            for m in read_mentions(doc)
        ),
        entities=read_entities(doc),
        results=read_results(doc),
        generator=made_by,
        sizes=read_sizes(doc),
    )


def source_info(paper: Paper) -> SourceInfo:
    """What a record says of its paper beside the text."""
    return SourceInfo(
        file=paper.source.file,
        line=paper.source.line,
        format=paper.source.format,
        year=paper.year,
        authors=paper.authors,
        venue=paper.venue,
        doi=paper.doi,
        url=paper.url,
    )


def analysed_text(paper: Paper) -> str:
    """Return what of the paper's text goes through the pipeline, with the same offsets.

    White space takes the place of runs of characters too long to be words: spaCy's tokenizer needs
    time that grows with the square of their length.
    """
    text = _NO_WORD.sub(lambda run: " " * len(run.group()), paper.text)
    if len(text) <= LONGEST_TEXT:
        return text
    text = text[:LONGEST_TEXT]
    # Cut where a sentence ends, or a word, or, in what has neither, anywhere.
    cuts = (sentence_spans(text)[-1][0], text.rfind(" "))
    cut = next((cut for cut in cuts if cut > LONGEST_TEXT // 2), LONGEST_TEXT)
    _LOG.warning(
        "%s: the text is %d characters long; only the first %d are analysed",
        paper.id,
        len(paper.text),
        cut,
    )
    return text[:cut]


def _add_encoder(nlp: Language, folder: Path) -> None:
    nlp.add_pipe(
        ENCODER, config={"path": str(folder)}, after="ner" if "ner" in nlp.pipe_names else None
    )
    both = f"{nlp.meta[_META]['sha256']} {folder_digest(folder)}"
    nlp.meta[_META] = {
        "model": f"{nlp.meta[_META]['model']}+encoder",
        "sha256": hashlib.sha256(both.encode()).hexdigest(),
    }


def _load_model(folder: Path) -> Language:
    try:
        with numpy_products():
            return spacy.load(folder)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(folder, str(error).splitlines()[0]) from error
