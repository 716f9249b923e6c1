"""Several models label one text: teachers by probabilities, and a student by what it marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language

from ...pipeline.encoder_tags import add_vote, vote
from ..texts import LabelledSpan
from .labelling import Reading, read_texts
from .tagger import Tagger
from .teaching import OURS, Reader

# A teacher alone decides against the student where it is quite sure.
_STUDENT_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Voters:
    """Who votes.

    Attributes:
        taggers: teachers.
        reader: splits texts for them.
        student: a spaCy pipeline with our labels.
    """

    taggers: tuple[Tagger, ...]
    reader: Reader
    student: Language | None = None

    def read(self, texts: Sequence[str]) -> Iterator[Reading]:
        """Score the tags of each text by all votes, in order."""
        nlp, tokenizer = self.reader
        streams = [read_texts(tagger, tokenizer, nlp, texts) for tagger in self.taggers]
        for text, *readings in zip(texts, *streams, strict=True):
            words = readings[0].words
            scores = vote([reading.scores for reading in readings])
            if self.student is not None:
                marked = [
                    LabelledSpan(ent.start_char, ent.end_char, ent.label_)
                    for ent in self.student(text).ents
                ]
                chosen = OURS.encode(len(words), words.locate(marked))
                scores = add_vote(scores, chosen, _STUDENT_WEIGHT)
            yield Reading(words, scores)
