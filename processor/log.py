"""Logs: JSON lines on stderr for machines, readable ones on a terminal. No names, addresses or subjects above DEBUG."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(debug: bool = False, quiet: bool = False) -> None:
    """`debug` tells everything, names and addresses too; `quiet` only what went wrong."""
    level = logging.DEBUG if debug else logging.ERROR if quiet else logging.INFO
    renderer = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
