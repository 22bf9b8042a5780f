"""The database; SQL is written in this folder only."""

from .engine import StoreBusy, migrate, only_daemon, open_engine
from .mails import Fetched
from .store import Store, Transaction

__all__ = ["Fetched", "Store", "StoreBusy", "Transaction", "migrate", "only_daemon", "open_engine"]
