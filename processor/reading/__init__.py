"""Raw bytes to Mail. Pure; never raises."""

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
    "digest",
    "message_id",
    "read",
    "read_whole",
]
