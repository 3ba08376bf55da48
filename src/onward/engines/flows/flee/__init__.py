"""Flee: its folders read and written as scenarios, and its rules of movement on counts. docs/reference/flee.md."""
