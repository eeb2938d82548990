"""The links of an item: what is kept of them, and what is not."""

from collective.cfprivate.guests import store
from hashlib import sha256
from plone import api
from zope.annotation.interfaces import IAnnotations

import pytest


NOW = 1_800_000_000
ANNOTATION = "collective.cfprivate.guests"


@pytest.fixture
def item(portal, make_video):
    return make_video(portal)


def make(item, *, note="The jury", now=NOW, ends=NOW + 60):
    return store.make(item, note=note, maker="jane", now=now, ends=ends)


def test_a_token_has_32_random_bytes(item):
    token, _link = make(item)
    assert len(token) == 43  # 256 bits in digits of 6


def test_no_two_tokens_are_alike(item):
    assert make(item)[0] != make(item)[0]


def test_a_link_is_kept_under_the_digest_of_its_token(item):
    token, _link = make(item)
    assert list(IAnnotations(item)[ANNOTATION]) == [sha256(token.encode()).hexdigest()]


def test_the_token_is_not_kept(item):
    token, _link = make(item)
    assert token not in str(dict(IAnnotations(item)))


def test_only_builtin_types_are_kept(item):
    _token, link = make(item)
    kept = IAnnotations(item)[ANNOTATION]
    values = [kept, *kept, *kept.values(), *kept[link.digest].values(), *kept[link.digest]["states"]]
    assert {type(value) for value in values} == {dict, str, int, tuple}


def test_a_link_is_found_as_it_was_made(item):
    token, _link = make(item)
    found = store.find(item, store.digest_of(token))
    assert (found.note, found.maker, found.made, found.ends) == ("The jury", "jane", NOW, NOW + 60)


def test_a_link_remembers_the_states_of_its_item(item):
    assert make(item)[1].states == (("protected_media_workflow", "restricted"),)


@pytest.mark.parametrize("token", ["", "guessed", "\udcff", "ä"])
def test_what_was_never_made_is_not_found(item, token):
    make(item)
    assert store.find(item, store.digest_of(token)) is None


def test_the_digest_itself_is_no_token(item):
    _token, link = make(item)
    assert store.find(item, store.digest_of(link.digest)) is None


def test_links_of_another_item_are_not_found(item, portal, make_video):
    token, _link = make(item)
    assert store.find(make_video(portal, "other"), store.digest_of(token)) is None


def test_links_of_the_folder_are_not_found(portal, make_video):
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", "folder")
    token, _link = make(folder)
    assert store.find(make_video(folder), store.digest_of(token)) is None


def test_a_revoked_link_is_not_found(item):
    token, link = make(item)
    store.revoke(item, link.digest)
    assert store.find(item, store.digest_of(token)) is None


def test_the_others_stay(item):
    first, second = make(item)[1], make(item)[1]
    store.revoke(item, first.digest)
    assert store.links_of(item) == [second]


def test_to_revoke_what_is_not_there_changes_nothing(item):
    _token, link = make(item)
    assert (store.revoke(item, "0" * 64), store.links_of(item)) == (None, [link])


@pytest.mark.parametrize(("later", "kept"), [(59, ["old", "new"]), (60, ["new"])])
def test_ended_links_go_when_the_next_is_made(item, later, kept):
    make(item, note="old")
    make(item, note="new", now=NOW + later, ends=NOW + 600)
    assert [link.note for link in store.links_of(item)] == kept


def test_an_item_without_links_is_not_annotated_by_a_look(item):
    store.links_of(item)
    store.find(item, "0" * 64)
    assert ANNOTATION not in IAnnotations(item)


def test_to_forget_leaves_no_trace(item):
    make(item)
    store.forget(item)
    assert ANNOTATION not in IAnnotations(item)
