"""What was uploaded and is not in the database yet, in a file, so that a broken run goes on without uploading twice."""

from collections.abc import Iterable
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

import json
import os


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """A file in the bucket: ``uid`` of the item, ``blob`` names the very bytes (object id and transaction)."""

    bucket: str
    uid: str
    blob: str
    object_key: str
    size: int
    sha256: str


class Journal:
    """A file of lines of JSON, for its owner only; read when made, removed by ``close`` where nothing is pending."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pending = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._take(line)

    def find(self, bucket: str, uid: str, blob: str) -> Uploaded | None:
        """What was uploaded of that blob; None where nothing was, or where its file is another since."""
        found = self._pending.get(uid)
        return found if found is not None and (found.bucket, found.blob) == (bucket, blob) else None

    def add(self, uploaded: Uploaded) -> None:
        """Remember an upload; it is on the disk when this returns."""
        self._pending[uploaded.uid] = uploaded
        self._write(asdict(uploaded))

    def settle(self, uids: Iterable[str]) -> None:
        """These items refer to their files now."""
        for uid in uids:
            if self._pending.pop(uid, None) is not None:
                self._write({"settled": uid})

    def close(self) -> None:
        """Remove the file unless it is needed."""
        if not self._pending:
            self.path.unlink(missing_ok=True)

    def _take(self, line: str) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            return  # the line that was being written when the last run ended
        if "settled" in told:
            self._pending.pop(told["settled"], None)
        else:
            self._pending[told["uid"]] = Uploaded(**told)

    def _write(self, told: dict) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{json.dumps(told)}\n")
            file.flush()
            os.fsync(file.fileno())
