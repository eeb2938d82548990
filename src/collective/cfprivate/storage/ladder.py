"""Which renditions to make of a film: the rungs of the ladder that a player climbs when the network allows it."""

from .probe import Picture
from .probe import Sound
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


# (lines, longer side, bits in a second at 30 frames a second): a rung fits in such a box, lying or standing.
BOXES = (
    (1080, 1920, 5_000_000),
    (720, 1280, 2_800_000),
    (480, 854, 1_400_000),
    (360, 640, 800_000),
    (240, 426, 400_000),
)
# Of sound without a picture.
SOUNDS = (128_000, 64_000)
SOUND = 128_000

# Faster films need more bits.
FAST = 35
FOR_FAST = Fraction(3, 2)

# A rung with more of the next higher one's pixels would hardly differ from it.
NEXT = 0.8

# The largest rung that the single file for old devices and for the download is made of.
FILE_LINES = 720


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rendition: ``name`` of its folder, size in pixels (0 of sound), bits in a second at the most."""

    name: str
    width: int = 0
    height: int = 0
    picture_rate: int = 0
    sound_rate: int = 0

    @property
    def lines(self) -> int:
        """The shorter side in pixels."""
        return min(self.width, self.height)

    @property
    def most(self) -> int:
        """Bits in a second that it takes at the most, with what the transport stream adds."""
        return round((self.picture_rate + self.sound_rate) * 1.1)


def ladder_for(picture: Picture | None, sound: Sound | None) -> tuple[Rung, ...]:
    """The rungs, the largest first; none is larger than the picture itself."""
    if picture is None:
        return tuple(Rung(name=f"{rate // 1000}k", sound_rate=rate) for rate in SOUNDS)
    return tuple(_distinct(_fitted(picture, *box, SOUND if sound else 0) for box in _boxes(picture)))


def file_rung(rungs: tuple[Rung, ...]) -> Rung:
    """The rung of which the single file is made."""
    return next((rung for rung in rungs if rung.lines <= FILE_LINES), rungs[-1])


def _boxes(picture: Picture) -> list[tuple[int, int, int]]:
    """Those that are smaller than the picture, and the smallest in which it has room as it is."""
    wide = [box for box in BOXES if _scale(picture, box[0], box[1]) >= 1]
    return [*wide[-1:], *(box for box in BOXES if box not in wide)]


def _scale(picture: Picture, lines: int, longer: int) -> Fraction:
    short, long = sorted((picture.width, picture.height))
    return min(Fraction(lines, short), Fraction(longer, long))


def _fitted(picture: Picture, lines: int, longer: int, bits: int, sound_rate: int) -> Rung:
    scale = _scale(picture, lines, longer)
    fast = FOR_FAST if picture.rate > FAST else 1
    return Rung(
        name=f"{lines}p",
        width=_even(picture.width * scale, picture.width),
        height=_even(picture.height * scale, picture.height),
        picture_rate=round(bits * fast),
        sound_rate=sound_rate,
    )


def _even(length: Fraction, most: int) -> int:
    """The next even length, for H.264 with its halved colours takes no other; of ``most`` at the most."""
    return max(2, 2 * min(round(length / 2), most // 2))


def _distinct(rungs: Iterable[Rung]) -> Iterable[Rung]:
    above = None
    for rung in rungs:
        if above is None or rung.width * rung.height <= NEXT * above.width * above.height:
            yield rung
            above = rung
