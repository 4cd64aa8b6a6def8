"""``dragoman schema``: the records' JSON Schema, generated from their types."""

from __future__ import annotations

import json

import typer

from dragoman.cli.app import app


@app.command()
def schema() -> None:
    """Print the JSON Schema of the records."""
    from dragoman.formats.jsonl import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, sort_keys=True))
