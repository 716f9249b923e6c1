"""The graph on Apache Spark: records in, partitioned sorted N-Quads out, the same as on one machine.

`gathering` and `stating` run on the executors, `joining` and `resolving` are the shuffles between them,
`building` puts the job together, and `finishing` makes a snapshot of the quads on this machine.
"""

from .building import Built, build_with_spark
from .finishing import finish, is_complete

__all__ = ["Built", "build_with_spark", "finish", "is_complete"]
