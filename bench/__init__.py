"""Measurements: run by hand, results kept beside the code with machine and date. Never a timed test."""
