"""Places a wish may name, and what receiving places say of their hours and room."""
