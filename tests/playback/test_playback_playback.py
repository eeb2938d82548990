"""What a player is given, checked with the verifier that stands for CloudFront."""

from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.exceptions import KeyLocked
from collective.cfprivate.exceptions import NoMedium
from collective.cfprivate.exceptions import NotConfigured
from collective.cfprivate.exceptions import NotGranted
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.playback.playback import playback_of
from DateTime import DateTime
from plone import api
from plone.namedfile.file import NamedBlobImage
from Products.DCWorkflow.utils import modifyRolesForPermission
from zope.component import getUtility

import base64
import pytest


NOW = 1_800_000_000
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=")


@pytest.fixture
def item(portal, configure, make_video):
    configure()
    return make_video(portal, state="public", poster="talks/2026/poster.jpg")


def ask(item, now=NOW):
    with api.env.adopt_roles(["Anonymous"]):
        return playback_of(item, now=now, address="198.51.100.7")


@pytest.fixture
def verify(signing_key):
    return Verifier({signing_key.key_id: signing_key.public_pem}).verify


def test_the_source_is_signed_for_the_quoted_key(item, verify):
    source = ask(item).sources[0].src
    assert verify(source, now=NOW).resource == "https://d111111abcdef8.cloudfront.net/talks/2026/a%20talk.mp4"


def test_the_source_expires_with_the_grant(item, verify):
    playback = ask(item)
    assert verify(playback.sources[0].src, now=NOW).expires == playback.expires


@pytest.mark.parametrize(("chosen", "named"), [("SHA1", False), ("SHA256", True)])
def test_the_hash_algorithm_is_the_one_of_the_site(item, verify, chosen, named):
    api.portal.set_registry_record("collective.cfprivate.hash_algorithm", chosen)
    source = ask(item).sources[0].src
    verify(source, now=NOW)
    assert source.endswith("&Hash-Algorithm=SHA256") is named


def test_the_poster_is_part_of_the_medium_and_signed(item, verify):
    assert verify(ask(item).poster, now=NOW).resource == ("https://d111111abcdef8.cloudfront.net/talks/2026/poster.jpg")


def test_without_a_poster_the_lead_image_serves(item):
    item.poster = None
    item.image = NamedBlobImage(data=PIXEL, filename="pixel.gif")
    assert ask(item).poster == f"{item.absolute_url()}/@@images/image/large"


def test_without_any_picture_there_is_no_poster(item):
    item.poster = None
    assert ask(item).poster is None


def test_times_from_now_are_told_beside_the_clock(item):
    playback = ask(item, NOW + 7)
    assert playback.expires_in == playback.expires - NOW - 7


def test_renewal_comes_before_the_end(item):
    playback = ask(item)
    assert 0 < playback.renew_in < playback.expires_in


def test_renewal_is_told_though_the_end_is_a_second_away(item):
    item.expiration_date = DateTime(NOW + 1)
    assert ask(item).renew_in == 1


def test_the_same_bucket_gives_the_same_url(item):
    assert ask(item, NOW).sources == ask(item, NOW + 1).sources


def test_the_type_comes_from_the_ending(item):
    item.object_key = "talks/2026/talk.WEBM"
    assert ask(item).sources[0].media_type == "video/webm"


class TestRefusals:
    """In the order of docs: right, medium, configuration."""

    def test_who_may_not_watch_comes_first(self, portal, make_video):
        item = make_video(portal, state="restricted", object_key=None)
        with pytest.raises(NotGranted):
            ask(item)

    def test_then_the_lack_of_a_medium(self, portal, make_video):
        item = make_video(portal, state="public", object_key=None)
        with pytest.raises(NoMedium):
            ask(item)

    def test_then_the_lack_of_a_distribution(self, portal, make_video):
        item = make_video(portal, state="public")
        with pytest.raises(NotConfigured, match="No distribution domain is set"):
            ask(item)

    def test_then_the_lack_of_a_key(self, item):
        getUtility(IKeyRing).erase_all()
        with pytest.raises(NotConfigured, match="No private key is stored"):
            ask(item)

    def test_then_a_locked_key(self, item, monkeypatch):
        monkeypatch.setenv("CFPRIVATE_SECRET", "another secret, long enough to be taken for one")
        with pytest.raises(KeyLocked):
            ask(item)

    def test_the_medium_of_a_parent_is_not_a_childs(self, portal, configure, add_behavior, make_video):
        configure()
        add_behavior("Folder")
        with api.env.adopt_roles(["Manager"]):
            folder = api.content.create(portal, "Folder", "folder", object_key="talks/secret.mp4")
            child = api.content.create(folder, "Document", "child")
            api.content.transition(child, "publish")
        modifyRolesForPermission(child, "collective.cfprivate: Stream protected media", ("Anonymous",))
        with pytest.raises(NoMedium):
            ask(child)
