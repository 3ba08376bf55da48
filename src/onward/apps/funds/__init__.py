"""Funds, their rules, and the ledger: transfers that sum to zero by form (P15)."""
