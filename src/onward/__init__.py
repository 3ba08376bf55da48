"""Onward: re-ticketing from the interview to the arrival."""

__version__ = "0.1.0"
