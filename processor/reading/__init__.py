"""Raw bytes to Mail. Pure; never raises."""

from . import bounds
from .digest import digest, message_id
from .mail import Attachment, Block, Layer, Mail, Report, Role
from .mime import Whole, read, read_whole

__all__ = [
    "Attachment",
    "Block",
    "Layer",
    "Mail",
    "Report",
    "Role",
    "Whole",
    "bounds",
    "digest",
    "message_id",
    "read",
    "read_whole",
]
