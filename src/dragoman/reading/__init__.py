"""A Document becomes a Reading: parse, dates, places, actors, claims, events."""
