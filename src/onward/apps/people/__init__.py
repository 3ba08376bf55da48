"""Parties, persons, contacts: who is here, sealed with their case's key, and every look at it."""
