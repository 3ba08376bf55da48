"""The record: an append-only, hash-chained account of what happened, in coded facts (P21)."""
