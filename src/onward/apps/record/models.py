"""Entries, the head of each chain, the daily anchor."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One thing that happened. Never changed, never removed: triggers refuse it.

    facts: canonical JSON text of coded facts (ids, codes, amounts, dates), never words a person wrote.
    hash: SHA-256 over the canonical form of all other columns and prev_hash (chain.py).
    """

    chain = models.CharField(max_length=60)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=80)
    act = models.CharField(max_length=60)
    facts = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "seq"], name="record_entry_chain_seq")]
        ordering: ClassVar = ["chain", "seq"]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.act}"


class Head(models.Model):
    """The last entry of a chain; locked last of all (house rule 5). Only ever moves forward by one."""

    chain = models.CharField(max_length=60, primary_key=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq}"


class Anchor(models.Model):
    """A day's digest over the heads of all chains, for outsiders to keep and check. Never changed."""

    on = models.DateField(unique=True)
    made_at = models.DateTimeField()
    heads = models.TextField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.on} {self.digest}"
