"""The database. SQL is written here only."""

from .engine import StoreBusy, migrate, only_daemon, open_engine
from .repository import Store

__all__ = ["Store", "StoreBusy", "migrate", "only_daemon", "open_engine"]
