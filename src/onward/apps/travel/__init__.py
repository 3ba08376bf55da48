"""Ticket sets: held, bought, issued, changed, void; departures; refunds owed."""
