"""One request, bounded: time and size hold against whatever a server does, and nothing is followed or kept."""

from collective.cfprivate.cloudfront import InvalidURL
from collective.cfprivate.fetch import fetch
from collective.cfprivate.fetch import NotFetched
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from edge_in_thread import served
from selftest.plain_servers import answering
from selftest.plain_servers import closed_port
from selftest.plain_servers import dripping
from selftest.plain_servers import fixed
from selftest.plain_servers import head_of
from selftest.plain_servers import raw
from selftest.plain_servers import silent

import ipaddress
import pytest
import socket
import ssl
import subprocess
import sys
import threading
import time


SECRET = "c2VjcmV0"
QUERY = f"Expires=1&Signature={SECRET}&Key-Pair-Id=K1"
SECONDS = 0.5
# A busy machine may wake late; every server below would go on for minutes.
SLACK = 3
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """No proxy and no authority but those of a test."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def failure(url, **options):
    with pytest.raises(NotFetched) as caught:
        fetch(url, **options)
    return caught.value


@pytest.mark.parametrize(
    "talk",
    [
        silent,
        dripping(b"", b"H"),
        dripping(b"HTTP/1.1 200 O", b"K"),
        dripping(OK, b"X: y\r\n"),
        dripping(OK + b"X: ", b"y"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(OK + b"Content-Length: 99999\r\n\r\n", b"x"),
        dripping(OK + b"\r\n", b"x"),
        dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    ],
    ids=[
        "silent",
        "status-line",
        "reason",
        "header-lines",
        "header",
        "continue",
        "length",
        "until-close",
        "chunks",
        "trailers",
    ],
)
def test_the_time_is_for_the_whole_fetch(talk):
    with raw(talk) as port:
        begun = time.monotonic()
        assert failure(f"http://127.0.0.1:{port}/", seconds=SECONDS).kind == "timeout"
        assert SECONDS <= time.monotonic() - begun < SECONDS + SLACK


def test_a_server_that_drips_does_not_keep_a_thread():
    with raw(dripping(OK + b"\r\n", b"x")) as port:
        failure(f"http://127.0.0.1:{port}/", seconds=SECONDS)
        for thread in [thread for thread in threading.enumerate() if thread.name == "cfprivate-fetch"]:
            thread.join(SLACK)
            assert not thread.is_alive()


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: release.wait(10) and [])
    begun = time.monotonic()
    assert failure("http://media.example.org/", seconds=SECONDS).kind == "timeout"
    assert time.monotonic() - begun < SECONDS + SLACK
    release.set()


@pytest.mark.parametrize("size, body, cut", [(9, b"x" * 9, False), (10, b"x" * 10, False), (11, b"x" * 10, True)])
def test_the_body_ends_at_the_limit(size, body, cut):
    with served(fixed(200, b"x" * size)) as port:
        answer = fetch(f"http://127.0.0.1:{port}/", limit=10)
    assert (answer.body, answer.cut) == (body, cut)


def test_an_endless_body_ends_at_the_limit():
    with raw(dripping(OK + b"\r\n", b"x" * 4096, every=0.001)) as port:
        answer = fetch(f"http://127.0.0.1:{port}/", seconds=10, limit=65536)
    assert (len(answer.body), answer.cut) == (65536, True)


def test_a_compressed_body_stays_compressed():
    bomb = b"\x1f\x8b" + b"\0" * 20
    with served(fixed(200, bomb, Content_Encoding="gzip")) as port:
        assert fetch(f"http://127.0.0.1:{port}/").body == bomb


@pytest.mark.parametrize("status", [301, 302, 307, 308, 403, 404, 500, 503])
def test_every_status_is_an_answer(status):
    app = fixed(status, Location="/elsewhere")
    with served(app) as port:
        assert fetch(f"http://127.0.0.1:{port}/").status == status
    assert len(app.asked) == 1


def test_headers_are_found_in_any_case_and_joined():
    with raw(answering(OK + b"X-Cache: a\r\nx-cache: b\r\n\r\n")) as port:
        assert fetch(f"http://127.0.0.1:{port}/").headers["X-CACHE"] == "a, b"


def test_no_cookie_is_kept():
    app = fixed(200, Set_Cookie="a=b; Path=/")
    with served(app) as port:
        fetch(f"http://127.0.0.1:{port}/")
        fetch(f"http://127.0.0.1:{port}/")
    assert not any("HTTP_COOKIE" in environ for environ in app.asked)


def test_netrc_is_not_read(environment, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    environment.setenv("NETRC", str(tmp_path / ".netrc"))
    app = fixed(200)
    with served(app) as port:
        fetch(f"http://127.0.0.1:{port}/")
    assert "HTTP_AUTHORIZATION" not in app.asked[0]


def test_method_and_headers_are_sent_and_compression_is_declined():
    app = fixed(200)
    with served(app) as port:
        fetch(f"http://127.0.0.1:{port}/", method="HEAD", headers={"Range": "bytes=0-0", "accept-encoding": "gzip"})
    (environ,) = app.asked
    assert environ["REQUEST_METHOD"] == "HEAD"
    assert (environ["HTTP_RANGE"], environ["HTTP_ACCEPT_ENCODING"]) == ("bytes=0-0", "identity")


@pytest.mark.parametrize("target", ["/a%2fb?c=%7e&d=%27", "/a+b?", "//a", "/"])
def test_the_url_goes_on_the_wire_as_it_is_spelled(target):
    app = fixed(200)
    with served(app) as port:
        fetch(f"http://127.0.0.1:{port}{target}#fragment")
    assert app.asked[0]["REQUEST_URI"] == target


def test_without_a_path_the_root_is_asked():
    app = fixed(200)
    with served(app) as port:
        fetch(f"http://127.0.0.1:{port}")
    assert app.asked[0]["REQUEST_URI"] == "/"


@pytest.mark.parametrize(
    "url", ["ftp://a/", "file:///etc/passwd", "/a", "", "http://", "http:///a", "http://a:99999/", "http://a/b c"]
)
def test_what_is_no_web_address_is_not_fetched(url):
    with pytest.raises(InvalidURL):
        fetch(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/\r\nX: y", "http://127.0.0.1/\nHost: b", "http://127.0.0.1/\x00"])
def test_a_url_cannot_carry_headers(url):
    with pytest.raises(InvalidURL):
        fetch(url)


def test_a_closed_port_is_refused():
    assert failure(f"http://127.0.0.1:{closed_port()}/").kind == "refused"


def test_a_name_without_address_is_unresolved():
    assert failure("http://no-such-host.invalid/").kind == "unresolved"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        OK + b"Content-Length: 10\r\n\r\nshort",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        OK + b"X: " + b"y" * 70000 + b"\r\n\r\n",
        OK + b"X: y\r\n" * 1000 + b"\r\n",
    ],
    ids=["nothing", "not-http", "short-length", "short-chunk", "long-header", "many-headers"],
)
def test_what_is_no_whole_answer_is_broken(data):
    with raw(answering(data)) as port:
        assert failure(f"http://127.0.0.1:{port}/").kind == "broken"


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A function that writes a certificate for a host, and the key behind it; it is its own authority."""

    def make(host):
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            name = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
        now = datetime.now(timezone.utc)
        builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        certificate = builder.add_extension(x509.BasicConstraints(True, None), critical=True).sign(key, hashes.SHA256())
        path = tmp_path_factory.mktemp("tls") / "both.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context, str(path)

    return make


def test_a_certificate_of_a_trusted_authority_is_accepted(environment, authority):
    context, path = authority("127.0.0.1")
    environment.setenv("REQUESTS_CA_BUNDLE", path)
    with raw(answering(OK + b"Content-Length: 2\r\n\r\nhi"), context) as port:
        assert fetch(f"https://127.0.0.1:{port}/").body == b"hi"


def test_a_certificate_that_nobody_trusts_is_a_failure_of_tls(authority):
    with raw(answering(OK + b"\r\n"), authority("127.0.0.1")[0]) as port:
        assert failure(f"https://127.0.0.1:{port}/").kind == "tls"


def test_a_certificate_for_another_name_is_a_failure_of_tls(environment, authority):
    context, path = authority("other.example.org")
    environment.setenv("REQUESTS_CA_BUNDLE", path)
    with raw(answering(OK + b"\r\n"), context) as port:
        assert failure(f"https://127.0.0.1:{port}/").kind == "tls"


def test_a_server_that_speaks_http_only_is_a_failure_of_tls():
    def talk(connection, stop):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with raw(talk) as port:
        assert failure(f"https://127.0.0.1:{port}/").kind == "tls"


def test_a_handshake_that_never_ends_is_a_timeout():
    with raw(silent) as port:
        begun = time.monotonic()
        assert failure(f"https://127.0.0.1:{port}/", seconds=SECONDS).kind == "timeout"
        assert time.monotonic() - begun < SECONDS + SLACK


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost"])
def test_loopback_is_asked_without_a_proxy(environment, host):
    proxy, app = fixed(200, b"proxy"), fixed(200, b"direct")
    with served(proxy) as proxy_port, served(app) as port:
        environment.setenv("http_proxy", f"http://127.0.0.1:{proxy_port}")
        kind_or_body = _body_or_kind(f"http://{host}:{port}/")
    assert kind_or_body in {b"direct", "refused"}
    assert not proxy.asked


def _body_or_kind(url):
    # The server listens at 127.0.0.1 only: at another loopback address nothing does.
    try:
        return fetch(url).body
    except NotFetched as error:
        return error.kind


def test_other_hosts_are_asked_through_the_proxy(environment):
    heads = []

    def talk(connection, stop):
        heads.append(head_of(connection))
        connection.sendall(OK + b"Content-Length: 5\r\n\r\nproxy")

    with raw(talk) as port:
        environment.setenv("http_proxy", f"http://user:p%40ss@127.0.0.1:{port}")
        assert fetch("http://media.example.org/a?b=c").body == b"proxy"
    assert heads[0].startswith(b"GET http://media.example.org/a?b=c HTTP/1.1\r\n")
    assert b"Host: media.example.org\r\n" in heads[0]
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz\r\n" in heads[0]


def test_https_goes_through_a_tunnel_of_the_proxy(environment):
    heads = []

    def talk(connection, stop):
        heads.append(head_of(connection))
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    with raw(talk) as port:
        environment.setenv("https_proxy", f"http://127.0.0.1:{port}")
        assert failure(f"https://media.example.org/a?{QUERY}").kind == "broken"
    assert heads[0].startswith(b"CONNECT media.example.org:443 HTTP/")
    assert SECRET.encode() not in heads[0]


def test_a_host_of_no_proxy_is_not_asked_through_it(environment):
    proxy = fixed(200)
    with served(proxy) as port:
        environment.setenv("http_proxy", f"http://127.0.0.1:{port}")
        environment.setenv("no_proxy", ".invalid")
        assert failure("http://media.invalid/").kind == "unresolved"
    assert not proxy.asked


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:{closed}", "socks5://127.0.0.1:1", "http://no-such-host.invalid"])
def test_a_proxy_that_cannot_be_used_is_not_the_fault_of_the_host(environment, proxy):
    environment.setenv("http_proxy", proxy.format(closed=closed_port()))
    assert failure("http://media.example.org/").kind == "broken"


@pytest.mark.parametrize("talk", [answering(b"rubbish"), silent], ids=["broken", "timeout"])
def test_errors_hold_no_query_and_no_header(talk, caplog, capfd):
    caplog.set_level("DEBUG")
    with raw(talk) as port:
        error = failure(f"http://127.0.0.1:{port}/a?{QUERY}", headers={"Cookie": SECRET}, seconds=SECONDS)
    assert f"127.0.0.1:{port}" in str(error)
    assert (
        SECRET not in f"{error} {error!r} {error.__context__!r} {error.__cause__!r} {caplog.text} {capfd.readouterr()}"
    )


def test_a_header_that_cannot_be_sent_is_not_shown():
    with served(fixed(200)) as port:
        error = failure(f"http://127.0.0.1:{port}/", headers={"Cookie": f"{SECRET}\r\nX: y"})
    assert SECRET not in f"{error} {error!r} {error.__context__!r}"


def test_an_answer_does_not_show_where_it_redirects_to():
    with served(fixed(302, SECRET.encode(), Location=f"/?{QUERY}")) as port:
        assert SECRET not in repr(fetch(f"http://127.0.0.1:{port}/"))


def test_it_needs_no_zope():
    script = "import sys; import collective.cfprivate.fetch; print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert not {"zope", "plone", "Products", "OFS", "AccessControl"} & set(loaded)
