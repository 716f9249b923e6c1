"""IRIs of the licences that data, terms and code are under."""

from __future__ import annotations

from typing import Final

# What a program found in papers is fact, nobody's to reserve unless the builder says otherwise.
CC0: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY: Final = "https://creativecommons.org/licenses/by/4.0/"
APACHE: Final = "https://www.apache.org/licenses/LICENSE-2.0"
