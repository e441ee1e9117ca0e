"""The invented city of 青澜: what `credit sample` and `scripts/run` load.

No place, firm, office or person in here exists. Codes are synthetic ones of a series of their own, right in both check
digits; identity numbers are made when loaded, born 1908-1911, and stand in no file. All facts lie on fixed days around
the default project of 2026-06-10, so that every question is answered the same in any later year.
"""
