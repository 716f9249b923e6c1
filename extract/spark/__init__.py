"""Extraction on Apache Spark: the same records as on one machine, from and to any Hadoop file system.

`session` starts or joins Spark, `reading` numbers the lines of the input, `parsing` and `working` run
on the executors, `extracting` puts the job together.
"""

from .extracting import Extracted, extract_with_spark
from .session import spark_session

__all__ = ["Extracted", "extract_with_spark", "spark_session"]
