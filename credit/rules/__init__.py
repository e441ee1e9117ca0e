"""The law as dated, sourced data, and the reasoning over it."""
