"""The rooms of the product: each with models, rules (pure), actions (writes) and queries (scoped reads)."""
