"""Floor 1: raw bytes to Mail. Pure; never raises."""

from .digest import digest, message_id
from .mail import Attachment, Block, Layer, Mail, Report, Role
from .mime import read

__all__ = ["Attachment", "Block", "Layer", "Mail", "Report", "Role", "digest", "message_id", "read"]
