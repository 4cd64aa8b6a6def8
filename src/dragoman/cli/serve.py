"""``dragoman serve``: the page on a workspace."""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated

import typer

from dragoman.cli.app import app
from dragoman.cli.corpus import Folder, opened


@app.command()
def serve(
    folder: Folder = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port; 0: any that is free.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine need the token.")
    ] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="The page may change nothing.")] = False,
    fetch: Annotated[bool, typer.Option("--fetch", help="The page may fetch addresses that you give it.")] = False,
) -> None:
    """Open the page: read, check, correct and see a workspace in the browser. Ctrl-C ends it."""
    from dragoman.web.served import Served
    from dragoman.web.server import address_of, is_loopback, new_token
    from dragoman.web.server import serve as run

    token = None if is_loopback(host) else new_token()

    def ready(number: int) -> None:
        address = address_of(host, number, token)
        sys.stderr.write(f"the page is at {address}  (Ctrl-C ends it)\n")
        if not no_open:
            webbrowser.open(address)

    with opened(folder, read_only=read_only) as workspace:
        served = Served(workspace, read_only=read_only, fetch=fetch, local=token is None)
        run(served, host=host, port=port, token=token, ready=ready)
