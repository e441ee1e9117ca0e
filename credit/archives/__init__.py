"""Carrying a registry from one store to another: archives, and the files of a first load."""
