"""The worker's sign of life."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.db import Base


class WorkerHeartbeat(Base):
    """When the worker of a machine last said that it is alive."""

    __tablename__ = "worker_heartbeats"

    host: Mapped[str] = mapped_column(String(80), primary_key=True)
    beat_at: Mapped[datetime]
