"""The course: twelve units from a first triple to an own query, each from one source.

The text, the worked queries and the exercises are in ``units/``, the answers in ``answers/``; web
pages, notebooks and the terminal show the same. All of it runs on data that are shipped.
"""

from .checking import Verdict, check
from .data import COURSE_PREFIXES, CourseStore, data_text
from .reading import load_course
from .units import Course, Exercise, Unit

__all__ = [
    "COURSE_PREFIXES",
    "Course",
    "CourseStore",
    "Exercise",
    "Unit",
    "Verdict",
    "check",
    "data_text",
    "load_course",
]
