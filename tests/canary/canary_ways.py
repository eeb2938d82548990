"""Ways through the rooms of the package that reach all their public functions, most with a key in the request."""

from canary_rotation import PANEL
from canary_rotation import ROTATION
from canary_site import FORM
from canary_site import HOST
from collections.abc import Callable
from collective.cfprivate.cloudfront import Distribution
from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.controlpanel import commands
from collective.cfprivate.controlpanel.validation import checked
from collective.cfprivate.exceptions import NoSuchObject
from collective.cfprivate.fetch import Answer
from collective.cfprivate.fetch import fetch
from collective.cfprivate.fetch import NotFetched
from collective.cfprivate.guests import store
from collective.cfprivate.guests.copies import check_in
from collective.cfprivate.guests.copies import leave_links_behind
from collective.cfprivate.guests.form import as_entered
from collective.cfprivate.interfaces import IKeyRing
from collective.cfprivate.keyring.outside import read_key
from collective.cfprivate.keyring.startup import check_environment
from collective.cfprivate.playback import editor_format
from collective.cfprivate.playback.in_text import MediaInText
from collective.cfprivate.playback.pasted_links import replace_pasted
from collective.cfprivate.playback.playlists import Playlists
from collective.cfprivate.playback.playlists import share_of_workers
from collective.cfprivate.selftest import refusals
from collective.cfprivate.selftest.run import run
from collective.cfprivate.selftest.store import lines_of_store
from collective.cfprivate.selftest.subject import Subject
from collective.cfprivate.settings import current
from collective.cfprivate.settings import stored
from collective.cfprivate.storage.bucket import Part
from collective.cfprivate.storage.bucket import Stored
from collective.cfprivate.storage.bucket import Unfinished
from contextlib import suppress
from datetime import datetime
from datetime import timezone
from email.utils import formatdate
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.textfield.value import RichTextValue
from requests.structures import CaseInsensitiveDict
from time import time
from typing import NamedTuple
from unittest.mock import patch
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from zope.component import getUtility

import inspect
import json
import re
import socket
import transaction


NOW = 4_000_000_000
# Where the key of the site is to be sent.
KEY = object()
MEDIA = "form.widgets.IProtectedMedia"
PLAYLIST = b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n180p/index.m3u8\n#EXTINF:4,\nsegment.ts\n"
HTML = {"Accept": "text/html", "Content-Type": "text/html"}


class Way(NamedTuple):
    """``go(site)``, with the ring as it is in ``state``: two keys, three, or three of which each has an id."""

    go: Callable
    state: str = "three"


def get(path, state="three", **headers):
    return Way(lambda site: site.owner.ask(path, **(headers or HTML)), state)


def submit(path, button, state="three", **values):
    """Submit the form of a page, by a button, with other values of some widgets."""
    return Way(lambda site: site.owner.ask(path, "POST", filled(site, path, button, values), **FORM), state)


def filled(site, path, button, values):
    """The body that a browser would send; of the widgets ``values`` tells those that are changed."""
    fields = dict(site.form(path, f"form.buttons.{button}"))
    fields.pop("form.widgets.private_key_file", None)
    changed = {f"form.widgets.{name}": site.pem if value is KEY else value for name, value in values.items()}
    return urlencode({**fields, **changed}, doseq=True)


def patch_panel(**values):
    def go(site):
        body = {name: site.pem if value is KEY else value for name, value in values.items()}
        return site.owner.ask("@controlpanels/cfprivate", "PATCH", body)

    return Way(go, "two")


def on_ring(call, state="three"):
    """A call of the key ring in this process, with the site beside it."""
    return Way(lambda site: call(getUtility(IKeyRing), site), state)


def command(name, state="three", **options):
    """What a command does once it has the site open."""
    return Way(lambda site: inspect.unwrap(getattr(commands, name).callback)(getUtility(IKeyRing), **options), state)


def import_key(site):
    inspect.unwrap(commands.import_key.callback)(getUtility(IKeyRing), str(site.key_file), "K1", None)


# the self-test, with a distribution that is played


def distribution(url, headers=None, **options):
    """Serves what has a signature as CloudFront does; says so in the headers that are asked for."""
    told = {
        "Date": formatdate(),
        "Content-Range": "bytes 0-0/3",
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": "attachment; filename*=UTF-8''test.bin",
    }
    if url.startswith("http:"):
        return Answer(status=301, headers=CaseInsensitiveDict(Location=f"https:{url[5:]}"), body=b"", cut=False)
    signed = "Signature=" in url or "Cookie" in (headers or {})
    body = PLAYLIST if signed and ".m3u8" in url else b"x" if signed else b"<Error><Code>MissingKey</Code></Error>"
    return Answer(status=206 if signed else 403, headers=CaseInsensitiveDict(told), body=body, cut=False)


def ask_distribution(site):
    subject = Subject(
        distribution=Distribution(HOST),
        key=getUtility(IKeyRing).signing_key(),
        hash_algorithm="SHA1",
        object_key="talks/talk.mp4",
        site_origin="https://www.example.org",
        bucket_url="https://my-bucket.s3.eu-central-1.amazonaws.com",
        cookie_domain="example.org",
        delivery="cookies",
        bind_ip=True,
        resolve=lambda host: {socket.AF_INET},
    )
    run(subject, distribution)


def ask_nobody(site):
    """A distribution that does not answer, and one with a clock of its own."""
    refusals.explain_unreachable(NotFetched("timeout", HOST))
    refusals.explain_clock(-600.0)


def playlist(path):
    """A playlist through Plone, of the distribution above; nothing is remembered, so that it is fetched."""

    def go(site):
        playlists = Playlists(fetch=distribution, most_fetching=share_of_workers)
        with patch("collective.cfprivate.playback.hls.PLAYLISTS", playlists):
            return site.owner.ask(path)

    return Way(go)


def cookies(site):
    """HLS by signed cookies, which the log-out takes again."""
    with patch("collective.cfprivate.services.playback.get.shared_domain", return_value=HOST):
        given = site.owner.ask("hls/@playback").headers.getall("Set-Cookie")
    memory = [line.partition(";")[0] for line in given if line.startswith("cfprivate-folders=")]
    site.owner.ask("logout", **HTML, Cookie="".join(memory))
    site.owner.ask("hls/edit", **HTML, Cookie="".join(memory), Authorization="")


def fetch_signed(site):
    """A signed URL at a port where nobody listens."""
    host = Distribution("127.0.0.1:1")
    url = host.url("talks/talk.mp4")
    signed = Signer(getUtility(IKeyRing).signing_key()).sign_url(url, Policy.for_url(url, 2_000_000_000))
    with suppress(NotFetched):
        fetch(signed)


def played(way):
    """The self-test of the site, asked of the distribution above."""

    def go(site):
        with patch("collective.cfprivate.selftest.inquiry.fetch", distribution), patch_default():
            return way.go(site)

    return Way(go, way.state)


def patch_default():
    """``run`` and ``Inquiry`` have their ``fetch`` as a default."""
    return patch("collective.cfprivate.selftest.run.run.__defaults__", (distribution,))


def media_test(site):
    body = {
        "uids:list": site.portal["talk"].UID(),
        "_authenticator": dict(site.form(ROTATION, "form.buttons.make"))["_authenticator"],
    }
    with patch("collective.cfprivate.fetch.fetch", distribution):
        return site.owner.ask("@@cfprivate-overview-test", "POST", urlencode(body), **FORM)


GUESTS = "hls/@@cfprivate-guests"
STACK = "@@cfprivate-stack"


def guest_links(site):
    """The page of guest links, on which one is made, another is not, and one is revoked."""
    fields = {"_authenticator": dict(site.form(ROTATION, "form.buttons.make"))["_authenticator"]}
    posted(site, fields, make="1", note="The jury", ends="2100-01-01T00:00")
    link_of_guest(site, "hls")
    site.owner.ask(GUESTS, **HTML)
    for link in store.links_of(site.portal["hls"]):
        posted(site, fields, revoke=link.digest)


def make_guest_link(site):
    fields = {"_authenticator": dict(site.form(ROTATION, "form.buttons.make"))["_authenticator"]}
    ends = as_entered(int(time()) + 3600)
    return posted(site, fields, make="1", note="The jury", ends=ends)


REST_LINKS = "hls/@cfprivate-guest-links"


def guest_links_by_rest(site):
    """One is made, another is not, all are listed, and revoked."""
    ends = datetime.fromtimestamp(int(time()) + 3600, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    site.owner.ask(REST_LINKS, "POST", {"note": "", "ends": ends})
    site.owner.ask(REST_LINKS, "POST", {"note": "The jury", "ends": ends})
    link_of_guest(site, "hls")
    site.owner.ask(REST_LINKS, Accept="application/json")
    for link in store.links_of(site.portal["hls"]):
        site.owner.ask(f"{REST_LINKS}/{link.digest}", "DELETE", Accept="application/json")


def posted(site, fields, **values):
    return site.owner.ask(GUESTS, "POST", urlencode({**fields, **values}), **FORM)


def link_of_guest(site, name):
    """The token of a link of an item of this name."""
    token, _link = store.make(site.portal[name], note="", maker=SITE_OWNER_NAME, now=int(time()), ends=NOW)
    transaction.commit()
    return token


def as_guest(view, path="", name="hls"):
    """A view for guests of an item of that name, by a link that was made for it."""

    def go(site):
        token = link_of_guest(site, name)
        playlists = Playlists(fetch=distribution, most_fetching=share_of_workers)
        with patch("collective.cfprivate.playback.hls.PLAYLISTS", playlists):
            return site.owner.ask(f"{name}/@@{view}/{token}{path}", **HTML)

    return Way(go)


def forget_guests(site):
    """What a copy and a working copy are rid of."""
    leave_links_behind(site.portal["hls"], None)
    check_in(site.portal["hls"], None)


def medium_in_text(site):
    media = MediaInText(site.portal)
    return media.is_enabled() and media(
        f'<a class="cfprivate-medium" href="resolveuid/{site.portal["hls"].UID()}">x</a>'
    )


def pasted_link(site):
    item = site.portal["hls"]
    item.text = RichTextValue(f'<a href="https://{HOST}/a.mp4?Signature=x">x</a>', "text/html", "text/x-html-safe")
    replace_pasted(item, None)


def check_settings(site):
    entered = {"embed_ancestors": ("https://example.org",), "key_prefixes": ("talks/ crew",)}
    checked({**stored(), **entered}, site_host="www.example.org")


class PlayedBucket:
    """In place of a bucket that has all that it is asked for."""

    def begin_upload(self, key, **options):
        return "upload"

    def sign_part(self, key, upload_id, number):
        return f"https://{HOST}/{key}?X-Amz-Signature=x"

    def parts(self, key, upload_id):
        return [Part(number=1, size=5, etag="x")]

    def complete_upload(self, key, upload_id, parts):
        return None

    def abort_upload(self, key, upload_id):
        return None

    def head(self, key):
        return Stored(key=key, size=5, modified=0.0, etag="x", content_type="video/mp4")


def upload(site):
    """An upload from its begin to its end, another one that is aborted, and one that is refused."""
    film = {"filename": "a.mp4", "size": 5, "type": "video/mp4"}
    room = "collective.cfprivate.services.uploads"
    modules = [patch(f"{room}.{verb}.bucket_of_site", PlayedBucket) for verb in ("get", "post", "delete")]
    with modules[0], modules[1], modules[2]:
        site.owner.ask("talk/@cfprivate-uploads", "POST", {**film, "size": 0})
        answer = site.owner.ask("talk/@cfprivate-uploads", "POST", film)
        ticket = json.loads(answer.body).get("@id", "").rpartition("/")[2]
        path = f"talk/@cfprivate-uploads/{ticket}"
        site.owner.ask(path, Accept="application/json")
        site.owner.ask(f"{path}/sign", "POST", {"numbers": [1]})
        site.owner.ask(f"{path}/complete", "POST", {})
        site.owner.ask(path, "DELETE", Accept="application/json")


def ask_bucket(site):
    lines_of_store(PlayedBucket(), folder="uploads/", site_origin="https://www.example.org", fetch=distribution)


def outside(site):
    environment = {"CFPRIVATE_PRIVATE_KEY_FILE": str(site.key_file), "CFPRIVATE_KEY_PAIR_ID": "K1"}
    check_environment(environ=environment)
    with patch.dict("os.environ", environment):
        return getUtility(IKeyRing).signing_key()


def shorten(site):
    api.portal.set_registry_record("collective.cfprivate.maximum_lifetime", 50_000)


RECONCILE = "@@cfprivate-reconcile"


class BucketPlayed:
    """A bucket in which something is left over."""

    def objects(self, prefix):
        return [Stored(key=f"{prefix}left.mp4", size=7, modified=0, etag="x")]

    def unfinished(self, prefix):
        return [Unfinished(key=f"{prefix}part.mp4", upload_id="1", begun=0)]

    def head(self, key):
        if key.startswith("hls/"):
            raise NoSuchObject(key)
        return next(iter(self.objects(key.removesuffix("left.mp4"))))

    def delete(self, key):
        """Nothing is left over for ever."""

    def abort_upload(self, key, upload_id):
        """The same."""


def reconcile(site):
    """What is left over is looked for, and deleted."""
    with patch("collective.cfprivate.controlpanel.reconciliation.bucket_of_site", BucketPlayed):
        body = dict(parse_qsl(filled(site, RECONCILE, "look", {})))
        page = site.owner.ask(RECONCILE, "POST", urlencode(body), **FORM).body
        shown = re.search(rb'name="shown"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="shown"', page)
        del body["form.buttons.look"]
        body |= {"form.buttons.delete": "x", "shown": (shown[1] or shown[2]).decode() if shown else ""}
        site.owner.ask(RECONCILE, "POST", urlencode(body), **FORM)


OUTPUTS = f"DistributionDomain\t{HOST}\nPublicKeyId\tK7\nBucket\tmy-bucket"


def save_stack(site):
    """The outputs of a stack that knows the key that signs: first shown, then saved."""
    outputs = f"{OUTPUTS}\nPublicKeyFingerprint\t{getUtility(IKeyRing).describe().fingerprint}"
    body = dict(parse_qsl(filled(site, STACK, "look", {"outputs": outputs})))
    shown = re.search(rb"[0-9a-f]{64}", site.owner.ask(STACK, "POST", urlencode(body), **FORM).body)
    del body["form.buttons.look"]
    body |= {"form.buttons.save": "x", "shown": shown[0] if shown else ""}
    site.owner.ask(STACK, "POST", urlencode(body), **FORM)


WAYS = {
    "PATCH a key": patch_panel(private_key=KEY, key_id="K1", passphrase="", lifetime=600, distribution=HOST),
    "save a key": submit(PANEL, "save", "two", private_key=KEY, key_id="K1"),
    "paste a key": submit(ROTATION, "paste", "two", private_key=KEY),
    "paste beside an error": submit(ROTATION, "name", key_id="K 1", private_key=KEY),
    "activate, asked again": submit(ROTATION, "activate", private_key=KEY),
    "activate": submit(ROTATION, "activate_anyway", private_key=KEY),
    "make a key": submit(ROTATION, "make", "two", algorithm="EC", private_key=KEY),
    "go back": submit(ROTATION, "back", private_key=KEY),
    "go back anyway": submit(ROTATION, "back_anyway", private_key=KEY),
    "seal anew": submit(ROTATION, "seal", private_key=KEY),
    "watch": get("talk"),
    "be refused": get("talk", Accept="text/html", Authorization=""),
    "watch without a key": get("talk", "empty"),
    "playback": get("talk/@playback", Accept="application/json"),
    "JSON of an item": get("talk", Accept="application/json"),
    "media": get("talk/@@media"),
    "download": get("talk/@@media?download=1"),
    "rotation": get(ROTATION),
    "panel": get(PANEL),
    "panel by REST": get("@controlpanels/cfprivate", Accept="application/json"),
    "status": get("@cfprivate-status", Accept="application/json"),
    "site setup": get("@@overview-controlpanel"),
    "erasing": get("@@cfprivate-erase-key?slot=next"),
    "rules": get("@@cfprivate-state-rules"),
    "overview": get("@@cfprivate-overview"),
    "media test": Way(media_test),
    "self-test": played(submit("@@cfprivate-selftest?key=next", "test", "named", slot="next")),
    "self-test by REST": played(Way(lambda site: site.owner.ask("@cfprivate-selftest", "POST", {"bucket_url": "x"}))),
    "erase": submit("@@cfprivate-erase-key?slot=previous", "erase"),
    "erase not": submit("@@cfprivate-erase-key?slot=next", "cancel"),
    "state rules": submit("@@cfprivate-state-rules", "save"),
    "state rules not": submit("@@cfprivate-state-rules", "cancel"),
    "stack": get(STACK),
    "stack, shown": submit(STACK, "look", outputs=OUTPUTS),
    "stack, saved": Way(save_stack),
    "reconciliation": get(RECONCILE),
    "reconciled": Way(reconcile),
    "ring: describe": on_ring(lambda ring, site: (ring.describe(), ring.retired(), ring.public_pem())),
    "ring: sealed": on_ring(lambda ring, site: ring.sealed_with_previous_secret()),
    "ring: store": on_ring(lambda ring, site: ring.store(pem=site.pem, key_id="K1", passphrase=""), "two"),
    "ring: store first": on_ring(lambda ring, site: ring.store(pem=site.pem, key_id="K1"), "empty"),
    "ring: first": on_ring(lambda ring, site: ring.store_next(pem=site.pem), "empty"),
    "ring: next": on_ring(lambda ring, site: ring.store_next(pem=site.pem, key_id="K1"), "two"),
    "ring: make": on_ring(lambda ring, site: ring.generate_next("EC"), "two"),
    "ring: rename": on_ring(lambda ring, site: (ring.rename("K1", "next"), ring.rename("K9"))),
    "ring: notes": on_ring(lambda ring, site: (ring.note_tested(NOW), ring.note_signed_until(NOW))),
    "ring: activate": on_ring(lambda ring, site: ring.activate(NOW), "named"),
    "ring: back": on_ring(lambda ring, site: ring.go_back(NOW)),
    "ring: seal": on_ring(lambda ring, site: ring.seal_anew()),
    "ring: erase": on_ring(lambda ring, site: (ring.erase("next"), ring.erase("active"), ring.erase_all())),
    "outside": Way(outside),
    "read a key": Way(lambda site: read_key(str(site.key_file), "K2")),
    "shorten": Way(shorten),
    "settings": Way(check_settings),
    "ask the distribution": Way(ask_distribution),
    "ask nobody": Way(ask_nobody),
    "fetch": Way(fetch_signed),
    "playlist": playlist("hls/@@playlist/index.m3u8"),
    "cookies": Way(cookies),
    "playlist of a rendition": playlist("hls/@@playlist/180p/index.m3u8"),
    "preview": get("hls/@@cfprivate-preview"),
    "preview of what is entered": Way(
        lambda site: site.owner.ask("hls/@@cfprivate-preview", "POST", f"{MEDIA}.object_key=a.mp4", **FORM)
    ),
    "playlist of the preview": playlist("hls/@@cfprivate-preview-playlist/index.m3u8?master=hls/index.m3u8"),
    "image": get("image"),
    "embed": get("hls/@@embed"),
    "medium in a text": Way(medium_in_text),
    "pasted link": Way(pasted_link),
    "format of the editor": Way(lambda site: (editor_format.offer(), editor_format.withdraw())),
    "document": get("document"),
    "upload": Way(upload),
    "self-test of the bucket": Way(ask_bucket),
    "guest links": Way(guest_links),
    "guest links by REST": Way(guest_links_by_rest),
    "make a guest link": Way(make_guest_link),
    "guest": as_guest("guest"),
    "guest with a document": as_guest("guest", name="document"),
    "guest without a link": get("hls/@@guest/guessed"),
    "guest: playback": as_guest("guest-playback"),
    "guest: media": as_guest("guest-media"),
    "guest: playlist": as_guest("guest-playlist", "/index.m3u8"),
    "guest: captions": as_guest("guest-captions", "/en.vtt"),
    "guests forgotten": Way(forget_guests),
    "preview of a document": get("document/@@cfprivate-preview"),
    "edit form": get("image/edit"),
    "video with captions": get("hls"),
    "captions": get("hls/@@captions/en.vtt"),
    "local": Way(lambda site: current().distribution_is_local),
    "key status": command("status", as_json=False),
    "key generate": command("generate", "two", algorithm="ec"),
    "key import": Way(import_key, "two"),
    "key public": command("public", slot="next"),
    "key set-id": command("set_id", key_pair_id="K1"),
    "key test": played(command("test", slot="active", object_key="a.mp4", bucket_url="", site_url="", as_json=False)),
    "key activate": command("activate", "named", untested=True, drop_previous=True),
    "key back": command("back", anyway=True),
    "key reseal": command("reseal"),
    "key erase": command("erase", slot="next", yes=True),
}
