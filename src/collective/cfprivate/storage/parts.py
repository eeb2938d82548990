"""How a file is cut for an upload in parts."""

from dataclasses import dataclass


MEBIBYTE = 1024 * 1024

# S3 takes 5 MiB to 5 GiB, but for the last part, and so many parts.
SMALLEST_PART = 8 * MEBIBYTE
MOST_PARTS = 10_000


@dataclass(frozen=True)
class Parts:
    """The parts of a file of ``size`` bytes (1 or more): all of ``part_size`` bytes but the last; numbers begin with 1."""

    size: int

    @property
    def part_size(self) -> int:
        """In bytes, whole mebibytes."""
        needed = -(-self.size // MOST_PARTS)
        return max(SMALLEST_PART, -(-needed // MEBIBYTE) * MEBIBYTE)

    @property
    def count(self) -> int:
        """How many there are."""
        return -(-self.size // self.part_size)

    def size_of(self, number: int) -> int:
        """The size of a part in bytes; 0 of one that there is not."""
        if not 1 <= number <= self.count:
            return 0
        return min(self.part_size, self.size - (number - 1) * self.part_size)
