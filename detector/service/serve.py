"""Run the application under uvicorn until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from types import FrameType

# uvicorn: stops accepting on SIGTERM and answers what it has accepted.
import uvicorn

from detector.errors import OutputError
from detector.service.app import create_app
from detector.service.context import Context, open_context
from detector.service.settings import Settings

_BACKLOG = 2048
# How long connections that clients keep are answered after no new one is taken. A request may be on its way on one that looks idle.
_FAREWELL_SECONDS = 1.0


def serve(settings: Settings) -> None:
    """Listens until SIGTERM or Ctrl-C; requests that were accepted are answered first.

    Raises:
        UsageError, ModelError, OutputError: the settings, the model, the store or the address cannot be used.
    """
    listening = _listening(settings.checked())
    context = open_context(settings)
    config = uvicorn.Config(
        create_app(context),
        access_log=False,
        log_level="error",
        server_header=False,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    host, port = listening.getsockname()[:2]
    print(
        f"detector: serving on http://{f'[{host}]' if ':' in host else host}:{port} with {context.pool.about.model}",
        file=sys.stderr,
        flush=True,
    )
    server = _Server(config, context)
    # uvicorn passes a signal on once it has drained; being told to stop is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    try:
        server.run(sockets=[listening])
    finally:
        # Workers heed no signal; a server that never came to its end would wait for them for ever.
        context.close()


class _Server(uvicorn.Server):
    """Tells /readyz at once that no more work is wanted, and clients that keep a connection before it is closed (the guard's `Connection: close`)."""

    def __init__(self, config: uvicorn.Config, context: Context) -> None:
        super().__init__(config)
        self._context = context

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._context.draining = True
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for taken in sockets or []:
            taken.close()
        if not self.force_exit:
            await asyncio.sleep(_FAREWELL_SECONDS)
        await super().shutdown(sockets)


def _listening(settings: Settings) -> socket.socket:
    """Before anything is loaded, so that a port in use is known at once."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"cannot listen on {settings.host} port {settings.port} ({reason}); give another --host or --port") from error
