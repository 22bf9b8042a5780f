"""Behind a reverse proxy: its word on who asks is believed, nobody else's.

Forwarding headers (X-Forwarded-For, -Proto, -Host) and the header that names the user count only when the proxy's own
address sent them; from anybody else they are taken out before a page sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_FORWARDED",
)
FORWARDED = "beirato.forwarded"  # in the environment: the request came from another machine, whatever its last hop


class Behind:
    """A WSGI application behind the proxy at an address."""

    def __init__(self, app: Callable[..., Iterable[bytes]], proxy: str, user_header: str) -> None:
        self._app, self._proxy = app, proxy
        self._fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._user = f"HTTP_{user_header.upper().replace('-', '_')}" if user_header else ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[FORWARDED] = any(name in environ for name in _FORWARDED)
        if environ.get("REMOTE_ADDR") == self._proxy:
            return self._fixed(environ, start_response)
        for name in (*_FORWARDED, self._user):
            environ.pop(name, None)
        return self._app(environ, start_response)
