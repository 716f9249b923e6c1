"""Training of the span recogniser: from annotations and a data folder to a spaCy pipeline."""

from .annotations import Annotation, join_annotations, read_annotations, stand_off
from .errors import AnnotationError, MaterialError, TrainingError
from .loop import Progress
from .run import train

__all__ = [
    "Annotation",
    "AnnotationError",
    "MaterialError",
    "Progress",
    "TrainingError",
    "join_annotations",
    "read_annotations",
    "stand_off",
    "train",
]
