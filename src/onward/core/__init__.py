"""Values everyone shares: identifiers, money, actors, windows of time, the error tree."""
