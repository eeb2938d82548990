"""CORS, as plone.rest does it by ``plone:CORSPolicy``, and log-in by ``Authorization: Bearer``, for the services of ours."""

from plone.rest.interfaces import ICORSPolicy
from zope.component import getGlobalSiteManager
from zope.component.hooks import getSite
from zope.component.hooks import setSite
from zope.configuration import xmlconfig
from zope.interface import Interface
from zope.publisher.interfaces.browser import IDefaultBrowserLayer

import plone.rest
import pytest


ORIGIN = "https://front.example.org"
STRANGER = "https://stranger.example.org"
# Path and method of each service; all but the playback are for a Manager.
SERVICES = [
    ("talk/@playback", "GET"),
    ("talk/@cfprivate-guest-links", "GET"),
    ("talk/@cfprivate-guest-links", "POST"),
    ("talk/@cfprivate-guest-links/x", "DELETE"),
    ("@cfprivate-status", "GET"),
    ("@cfprivate-selftest", "POST"),
    ("@controlpanels/cfprivate", "GET"),
    ("@controlpanels/cfprivate", "PATCH"),
]
READ = [path for path, method in SERVICES if method == "GET"]
POLICY = """
<configure xmlns="http://namespaces.zope.org/zope" xmlns:plone="http://namespaces.plone.org/plone">
  <plone:CORSPolicy
      allow_origin="{origins}"
      allow_methods="DELETE,GET,OPTIONS,PATCH,POST,PUT"
      allow_credentials="{credentials}"
      allow_headers="Accept,Authorization,Content-Type"
      expose_headers="Content-Length"
      max_age="3600"
      />
</configure>
"""


@pytest.fixture
def policy():
    """A function that loads a policy, as a site would by its ZCML; it is gone after the test."""

    def load(origins=f"{ORIGIN},https://other.example.org", credentials="true"):
        site = getSite()
        # With a site, ZCML registers there.
        setSite(None)
        xmlconfig.string(
            POLICY.format(origins=origins, credentials=credentials), xmlconfig.file("meta.zcml", plone.rest)
        )
        setSite(site)

    yield load
    getGlobalSiteManager().unregisterAdapter(required=(Interface, IDefaultBrowserLayer), provided=ICORSPolicy)


@pytest.fixture
def bearer(served):
    """A function that logs in by ``@login``, and gives the header of the token."""

    def log_in(login):
        names = {"login": login, "password": f"secret-of-{login}"}
        answer = served.get("@login", method="POST", json=names, headers={"Accept": "application/json"})
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    return log_in


@pytest.fixture
def across(served):
    """A function that asks as a script of a page of that origin does."""

    def ask(path, method="GET", origin=ORIGIN, **headers):
        return served.get(path, method=method, headers={"Accept": "application/json", "Origin": origin, **headers})

    return ask


@pytest.fixture
def preflight(across):
    """A function that asks, as a browser does before, whether a script may ask."""

    def ask(path, method, origin=ORIGIN, names="Authorization"):
        headers = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": names}
        return across(path, "OPTIONS", origin, **headers)

    return ask


def of_cors(answer):
    """The headers of CORS in an answer."""
    return [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(("path", "method"), SERVICES)
def test_a_browser_may_ask_for_a_service(policy, preflight, path, method):
    policy()
    answer = preflight(path, method)
    allowed = [answer.headers[f"Access-Control-Allow-{name}"] for name in ("Origin", "Methods", "Credentials")]
    assert (answer.status_code, answer.text, allowed) == (200, "", [ORIGIN, method, "true"])


@pytest.mark.parametrize(("path", "method"), SERVICES)
def test_a_browser_may_not_ask_for_another_site(policy, preflight, path, method):
    policy()
    assert of_cors(preflight(path, method, STRANGER)) == []


@pytest.mark.parametrize(("path", "method"), SERVICES)
def test_a_browser_may_not_ask_where_there_is_no_policy(preflight, path, method):
    assert of_cors(preflight(path, method)) == []


def test_a_browser_may_not_send_a_header_that_is_not_allowed(policy, preflight):
    policy()
    assert of_cors(preflight("talk/@playback", "GET", names="X-Other")) == []


def test_to_ask_whether_one_may_deletes_and_stores_nothing(policy, preflight, served):
    policy()
    before = served.portal._p_jar.db().lastTransaction()
    for path, method in SERVICES:
        preflight(path, method)
    assert served.portal._p_jar.db().lastTransaction() == before


@pytest.mark.parametrize("path", READ)
def test_a_script_with_a_token_reads_the_answer(policy, bearer, across, path):
    policy()
    answer = across(path, **bearer("manager"))
    told = [
        answer.headers[f"Access-Control-{name}"] for name in ("Allow-Origin", "Allow-Credentials", "Expose-Headers")
    ]
    assert (answer.status_code, told) == (200, [ORIGIN, "true", "Content-Length"])


@pytest.mark.parametrize("path", READ)
def test_a_script_of_another_site_does_not(policy, bearer, across, path):
    policy()
    answer = across(path, origin=STRANGER, **bearer("manager"))
    assert (answer.status_code, of_cors(answer)) == (200, [])


@pytest.mark.parametrize("path", READ)
def test_no_script_does_where_there_is_no_policy(bearer, across, path):
    answer = across(path, **bearer("manager"))
    assert (answer.status_code, of_cors(answer)) == (200, [])


# An empty body is refused, but after the question of who sends it.
@pytest.mark.parametrize(("login", "status"), [("manager", 400), ("viewer", 401)])
def test_a_token_reaches_the_self_test(bearer, across, login, status):
    code = across("@cfprivate-selftest", "POST", **bearer(login)).status_code
    assert code == status


@pytest.mark.parametrize(("path", "status"), [("talk/@playback", 200), *((path, 401) for path in READ[1:])])
def test_a_token_is_worth_what_its_user_may(bearer, across, path, status):
    code = across(path, **bearer("viewer")).status_code
    assert code == status


@pytest.mark.parametrize("path", READ)
def test_a_token_of_somebody_else_s_making_is_worth_nothing(bearer, across, path):
    header, claims, _signature = bearer("manager")["Authorization"].split(".")
    code = across(path, Authorization=f"{header}.{claims}.{'A' * 43}").status_code
    assert code == 401


@pytest.mark.parametrize(
    ("path", "login", "status"), [("talk/@playback", "member", 403), ("@cfprivate-status", "viewer", 401)]
)
def test_a_refusal_can_be_read_too(policy, bearer, across, path, login, status):
    policy()
    answer = across(path, **bearer(login))
    code, origin = answer.status_code, answer.headers["Access-Control-Allow-Origin"]
    assert (code, origin) == (status, ORIGIN)


@pytest.mark.parametrize("origins", [f"{ORIGIN},https://other.example.org", "*"])
@pytest.mark.parametrize("origin", [ORIGIN, STRANGER])
def test_a_signature_is_kept_by_no_cache_whoever_asks(policy, bearer, across, origins, origin):
    policy(origins)
    answer = across("talk/@playback", origin=origin, **bearer("viewer"))
    signed, kept = "Signature=" in answer.text, answer.headers["Cache-Control"]
    assert (signed, kept) == (True, "private, no-store")


@pytest.mark.parametrize(
    ("origins", "credentials", "vary"),
    [
        (f"{ORIGIN},https://other.example.org", "true", "Origin"),
        (f"{ORIGIN},https://other.example.org", "false", "Origin"),
        ("*", "true", "Origin"),
        # The header is the same for all who get one.
        ("*", "false", None),
        (ORIGIN, "true", None),
    ],
)
def test_the_answer_says_whether_it_varies_with_the_origin(policy, bearer, across, origins, credentials, vary):
    policy(origins, credentials)
    told = across("talk/@playback", **bearer("viewer")).headers.get("Vary")
    assert told == vary
