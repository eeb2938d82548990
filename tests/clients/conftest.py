"""Two Zope clients on one database; at the end all processes are ended."""

from clients.installation import Installation

import pytest


@pytest.fixture(scope="session")
def installation(tmp_path_factory, first_start):
    """The site, its database and its edge, still without a Zope client."""
    installation = Installation(tmp_path_factory.mktemp("clients"), first_start)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def both(installation):
    """Two Zope clients that have the secret."""
    clients = [installation.start_client(name, **installation.right_secret) for name in ("first", "second")]
    return [client.wait() for client in clients]


@pytest.fixture(scope="session")
def first(both):
    return both[0]


@pytest.fixture(scope="session")
def second(both):
    return both[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and "installation" in item.funcargs:
        report.sections.append(("Logs of the servers", item.funcargs["installation"].ends_of_logs()))
    return report
