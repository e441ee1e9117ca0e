"""Supervision of procurement, as pure rules: complaints and their clocks, patterns, cases, orders, publications.

Nothing here restricts anyone, reads a clock or touches a store: facts and the day asked about come in, answers go out.
"""
