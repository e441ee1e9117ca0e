"""The graph: schema as data, every Cypher text, one store over the official async driver, the embedded server."""
