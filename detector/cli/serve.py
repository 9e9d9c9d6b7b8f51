"""`detector serve`: the HTTP service and its review page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detector.cli import options
from detector.cli.extras import needs


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; off loopback a token is needed.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes any free one and says which.")] = 8000,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its first line is the token to sign in with.", show_default=False)
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Keep pages, verdicts and corrections: a file, sqlite:///FILE or postgresql://…. Without it verdicts live in memory.",
            show_default=False,
        ),
    ] = None,
    keep_days: Annotated[float, typer.Option(min=0, metavar="DAYS", help="How long submitted pages are kept; verdicts stay.")] = 30.0,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that the service is reached by. May be repeated.", show_default=False),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Processes that judge pages; one that hangs is replaced.")] = 2,
    queue: Annotated[int, typer.Option(min=1, metavar="N", help="Pages that may wait; more get 429.")] = 128,
    page_seconds: Annotated[
        float, typer.Option(min=0.001, metavar="SECONDS", help="Longer than this and a page is answered `timed-out`.")
    ] = 20.0,
    request_seconds: Annotated[
        float,
        typer.Option(
            min=0.001, metavar="SECONDS", help="Pages of a request without a verdict by then are `timed-out`; a stop waits for 60."
        ),
    ] = 50.0,
    max_body: Annotated[int, typer.Option(min=1024, metavar="BYTES", help="The largest request.")] = 32 * 1024 * 1024,
    body_seconds: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="How long a request may take to arrive.")] = 30.0,
    operating_point: options.OperatingPoint = None,
    model: options.Model = None,
) -> None:
    """Answer over HTTP: an API under /v1 and a review page at /.

    Never fetches an address. The schema is at /openapi.json, health at /healthz and /readyz, counts at /metrics.

    \b
    Examples:
      detector serve
      detector serve --store verdicts.db
      detector serve --host 0.0.0.0 --allow-host review.example.org --token-file token --store postgresql://detector@db/detector

    \b
    Exit: 0 stopped by SIGTERM or Ctrl-C; 2 misuse: no model, no store, a port in use.
    """
    with needs("service"):
        from detector.service.serve import serve as run
        from detector.service.settings import Settings, read_token
    token = None if token_file is None else read_token(token_file)
    run(
        Settings(
            host=host,
            port=port,
            token=token,
            store=store,
            model=model,
            operating_point=operating_point or "default",
            allowed_hosts=tuple(allow_host or ()),
            workers=workers,
            queue=queue,
            page_seconds=page_seconds,
            request_seconds=request_seconds,
            max_body=max_body,
            body_seconds=body_seconds,
            keep_days=keep_days,
        )
    )
