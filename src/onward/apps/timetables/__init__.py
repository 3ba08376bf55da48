"""Timetables and dated fares, as the desk asks for them: priced journeys between places."""
