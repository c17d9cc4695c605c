"""What happens to previews."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("file.previewed")
@dataclass(frozen=True, slots=True)
class FilePreviewed:
    """A file can be shown by its first page now."""

    file_id: int
    audience_id: int
