"""Scores against a researcher's own gold: one module a task.

Each module of ``TASKS`` has ``evaluate(path, *, fast, lexicon) -> dict[str, float]`` and raises
``UnreadableInput`` when the gold file is missing or not in its format.
"""

TASKS: dict[str, str] = {
    "relation": "dragoman.scoring.relation",
    "events": "dragoman.scoring.events",
    "quad": "dragoman.scoring.quad",
    "time": "dragoman.scoring.time",
    "actors": "dragoman.scoring.actors",
    "attribution": "dragoman.scoring.attribution",
    "commitment": "dragoman.scoring.commitment",
    "forecast": "dragoman.scoring.forecast",
}
"""Task name to the module that scores it."""
