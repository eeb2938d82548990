"""A listing of media: cards that are made of the catalog alone."""

from .badges import Badges
from .columns import DURATION
from .columns import PROTECTED
from Acquisition import aq_base
from dataclasses import dataclass
from plone.app.contenttypes.browser.collection import CollectionView
from plone.app.contenttypes.browser.folder import FolderView


# Of the site's sizes of images; a card is at most 540 pixels wide.
SCALES = ("preview", "large")


@dataclass(frozen=True, kw_only=True)
class LeadImage:
    """The address of an image with its width and height in pixels; ``srcset`` is None where it has one size only."""

    src: str
    width: int
    height: int
    srcset: str | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is shown of an item; ``image`` is None and ``badges``, which are HTML, are empty where it has none."""

    title: str
    description: str
    url: str
    image: LeadImage | None
    badges: str


class Cards:
    """Makes cards for a view of Plone's."""

    def __init__(self, context, request):
        super().__init__(context, request)
        self._badges = Badges(request)

    def card(self, item) -> Card:
        """The card of an ``IContentListingObject``; its object is not asked."""
        # A site whose profile is older has no such columns, and would have the brain acquire them.
        brain, url = aq_base(item.getDataOrigin()), item.getURL()
        return Card(
            title=item.Title() or item.getId(),
            description=item.Description(),
            url=f"{url}/view" if item.PortalType() in self.use_view_action else url,
            image=_lead_image(brain, url) if self.get_thumb_scale_summary() else None,
            badges=self._badges.of(getattr(brain, DURATION, None), getattr(brain, PROTECTED, None)),
        )


class FolderCards(Cards, FolderView):
    """What lies in a folder."""


class CollectionCards(Cards, CollectionView):
    """What a collection finds."""


def _lead_image(brain, url: str) -> LeadImage | None:
    """Not by ``@@image_scale``: where the catalog does not know the scale, it wakes the object."""
    images = (getattr(brain, "image_scales", None) or {}).get("image")
    if not images:
        return None
    scales = [images[0]["scales"][name] for name in SCALES if name in images[0]["scales"]] or [images[0]]
    addresses = [_address(scale["download"], url) for scale in scales]
    srcset = ", ".join(f"{address} {scale['width']}w" for address, scale in zip(addresses, scales, strict=True))
    return LeadImage(
        src=addresses[0],
        width=scales[0]["width"],
        height=scales[0]["height"],
        srcset=srcset if len(scales) > 1 else None,
    )


def _address(download: str, url: str) -> str:
    # A scale may be kept elsewhere, with an address of its own.
    return download if download.startswith(("http://", "https://")) else f"{url}/{download}"
