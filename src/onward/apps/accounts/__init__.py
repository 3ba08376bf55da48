"""Accounts: centres, the people who work in them, their roles, and the scope no read or write leaves (P20)."""
