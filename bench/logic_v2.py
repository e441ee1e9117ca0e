# pyright: basic, reportMissingImports=false
"""A program for an interpreter that has nomenklatura: pairs of names come in as JSON lines, a score a line goes out.

It is run by `bench.name_scores`; nothing of the project imports it, and the project does not need nomenklatura.
"""

import json
import sys

from followthemoney import EntityProxy
from nomenklatura.matching import get_algorithm


def main() -> None:
    """Score what comes in, as two companies of which nothing is known but their names."""
    algorithm = get_algorithm("logic-v2")
    if algorithm is None:
        raise SystemExit("no logic-v2 here")
    config = algorithm.default_config()
    for line in sys.stdin:
        asked, candidate = json.loads(line)
        print(algorithm.compare(_company(asked), _company(candidate), config).score)


def _company(name: str) -> EntityProxy:
    """Make a company whose id is its name: the algorithm keeps names by id."""
    return EntityProxy.from_dict({"id": name, "schema": "Company", "properties": {"name": [name]}})


if __name__ == "__main__":
    main()
