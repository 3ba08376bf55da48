"""Telling the receiving place: notices, their outbox, their answers."""
