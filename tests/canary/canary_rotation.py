"""Every way on which a key comes into the ring, and some on which it does not."""

from canary import Canaries
from canary import der_of
from canary import derived
from canary_site import FORM
from collective.cfprivate.cloudfront import SigningKey
from collective.cfprivate.interfaces import IKeyRing
from key_ring import sign_with
from types import SimpleNamespace
from urllib.parse import urlencode
from zope.component import getUtility

import transaction


PANEL = "@@cfprivate-controlpanel"
ROTATION = "@@cfprivate-rotate"
PASSPHRASE = "passphrase-of-the-canary-7f3a"


def make_keys():
    """The keys by their ways: RSA where a key is uploaded or sent by REST."""
    kinds = {
        "stored": "EC",
        "replaced by": "RSA",
        "kept as next": "EC",
        "pasted": "EC",
        "with passphrase": "EC",
        "uploaded": "RSA",
        "patched": "RSA",
        "refused in the form": "EC",
        "refused in REST": "EC",
        "forged": "EC",
    }
    return SimpleNamespace(**{
        name.replace(" ", "_"): SigningKey.generate(f"K{number}{kind}CANARY", kind)
        for number, (name, kind) in enumerate(kinds.items())
    })


def canaries_of(keys, *, secret, encrypted):
    """What must be nowhere: all keys, the secret and what is made of it, the passphrase and what it encrypts."""
    return Canaries(
        keys={name: key.private_pem() for name, key in keys.items()},
        texts={"the secret": secret, "the passphrase": PASSPHRASE},
        sealed={"the encrypted key": der_of(encrypted)[-64:], "the key of the secret": derived(secret)},
    )


def rotate(site, keys, encrypted):
    """Fill the ring of a site that has none; the key that was generated there."""
    ring, owner = getUtility(IKeyRing), site.owner
    for key in (keys.stored, keys.replaced_by):
        sign_with(ring, key)
    ring.store_next(pem=keys.kept_as_next.private_pem(), key_id=keys.kept_as_next.key_id)
    transaction.commit()
    activate(owner)
    owner.fill(ROTATION, "Make a key pair", algorithm=["EC"])
    name_next(owner, "K1GENERATED")
    generated = ring.signing_key("next")
    activate(owner)
    owner.fill(ROTATION, "Keep this key", private_key=keys.pasted.private_pem())
    name_next(owner, "K1PASTED")
    activate(owner)
    refused(owner, keys)
    rotate_by_panel_and_rest(owner, keys, encrypted)
    transaction.begin()
    return generated


def activate(owner):
    owner.fill(ROTATION, "Activate the next key")
    owner.press("Activate it all the same")


def name_next(owner, key_id):
    owner.fill(ROTATION, "Keep this id", key_id=key_id)


def erase_next(owner):
    owner.fill("@@cfprivate-erase-key?slot=next", "Erase the key")


def rotate_by_panel_and_rest(owner, keys, encrypted):
    """One next key after another; the last one stays."""
    uploaded = keys.uploaded
    owner.upload(PANEL, "Save", uploaded.private_pem().encode(), key_id=uploaded.key_id)
    erase_next(owner)
    owner.fill(PANEL, "Save", private_key=encrypted, passphrase=PASSPHRASE, key_id=keys.with_passphrase.key_id)
    activate(owner)
    body = {"private_key": keys.patched.private_pem(), "key_id": keys.patched.key_id}
    owner.ask("@controlpanels/cfprivate", "PATCH", body)


def refused(owner, keys):
    """A key with a wrong value beside it, in the form and by REST, and one without the token of the form."""
    owner.fill(PANEL, "Save", private_key=keys.refused_in_the_form.private_pem(), lifetime="999999999")
    body = {"private_key": keys.refused_in_REST.private_pem(), "key_id": "K1", "lifetime": 999999999}
    owner.ask("@controlpanels/cfprivate", "PATCH", body)
    forged = {"form.buttons.save": "Save", "form.widgets.private_key": keys.forged.private_pem()}
    owner.ask(PANEL, "POST", urlencode(forged), **FORM)
