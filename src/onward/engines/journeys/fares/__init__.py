"""What journeys cost a party: fares of feeds, dated quotes beside the timetable, and the search that weighs them."""
