"""Scores, agreement between observers, and charts over time: pure functions on plain numbers.

Nothing here knows of Django or of a database. What cannot be estimated is told as an
`estimate.Estimate` without a value and with the reason in words; no number that a person can type
makes any of it raise an error.
"""
