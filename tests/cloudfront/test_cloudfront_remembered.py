"""A signature is made once, and the memory for it has a bound."""

from collective.cfprivate.cloudfront import Policy
from collective.cfprivate.cloudfront import Signer
from collective.cfprivate.cloudfront.remembered import remembered as remember
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event
from unittest import mock

import pytest


URL = "https://d111111abcdef8.cloudfront.net/videos/a.mp4"
DIRECTORY = "https://d111111abcdef8.cloudfront.net/videos/*"


@pytest.fixture
def made():
    return []


@pytest.fixture
def remembered(made):
    def make(argument):
        made.append(argument)
        return argument.decode().upper()

    return remember(make, most=2)


def test_gives_what_is_made(remembered):
    assert remembered(b"a") == "A"


def test_makes_it_once(remembered, made):
    assert [remembered(b"a"), remembered(b"a"), made] == ["A", "A", [b"a"]]


def test_keeps_as_many_as_there_is_place_for(remembered, made):
    for argument in (b"a", b"b", b"a", b"b"):
        remembered(argument)
    assert made == [b"a", b"b"]


def test_the_oldest_goes_first(remembered, made):
    for argument in (b"a", b"b", b"c", b"b", b"c", b"a"):
        remembered(argument)
    assert made == [b"a", b"b", b"c", b"a"]


def test_an_error_is_not_remembered():
    remembered = remember(mock.Mock(side_effect=[ValueError, "A"]), most=2)
    with pytest.raises(ValueError):
        remembered(b"a")
    assert remembered(b"a") == "A"


def test_threads_that_ask_at_once_wait_for_the_one_that_makes_it(made):
    start, others = Barrier(8), Event()

    def make(argument):
        made.append(argument)
        others.wait(10)
        return "A"

    remembered = remember(make, most=2)

    def ask(number):
        start.wait(10)
        if number == 0:
            others.set()
        return remembered(b"a")

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(ask, range(8)))
    assert (results, made) == (["A"] * 8, [b"a"])


def test_a_remembered_result_does_not_wait_for_another():
    entered, leave = Event(), Event()

    def make(argument):
        if argument == b"slow":
            entered.set()
            leave.wait(10)
        return argument.decode()

    remembered = remember(make, most=2)
    remembered(b"fast")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(remembered, b"slow")
        entered.wait(10)
        assert remembered(b"fast") == "fast"
        leave.set()
        assert slow.result(10) == "slow"


def test_a_signer_remembers_1024(ec_key, signatures):
    signer = Signer(ec_key)
    for expires in (*range(1, 1025), 1, 1024):
        signer.sign_url(URL, Policy(URL, expires))
    assert len(signatures) == 1024


def test_and_forgets_what_is_older(ec_key, signatures):
    signer = Signer(ec_key)
    for expires in (*range(1, 1026), 1):
        signer.sign_url(URL, Policy(URL, expires))
    assert len(signatures) == 1026


def test_url_cookies_and_directory_share_a_signature(ec_key, signatures):
    signer, policy = Signer(ec_key), Policy(DIRECTORY, 2)
    signer.sign_url(URL, policy)
    signer.sign_cookies(policy)
    signer.directory(policy)(URL)
    assert len(signatures) == 1
