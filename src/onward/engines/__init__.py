"""Engines: pure computation, values and arrays in, values and arrays out."""
