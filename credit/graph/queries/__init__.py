"""Every Cypher text, one file a family: named by verb, noun and key; parameters, row and index stand above each.

Each query answers one row of collected lists: both engines spend more on handing over a row than on finding it.
"""
