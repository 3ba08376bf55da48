"""Counts of people on a network of places: how many will be where, and what would change if."""
