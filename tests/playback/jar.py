"""What a browser keeps of cookies, as RFC 6265 has it, as far as these tests need it."""

from http.cookies import SimpleCookie
from urllib.parse import urlsplit


class Jar:
    """Cookies by name, domain and path; ``lines`` are the last Set-Cookie headers, without values, for a test may print them."""

    def __init__(self):
        self.kept = {}
        self.lines = []

    def take(self, answer, host):
        """Keep and drop what ``answer`` of a ``host`` (without port) says (RFC 6265, 5.3)."""
        self.lines = []
        for line in answer.raw.headers.getlist("Set-Cookie"):
            ((name, morsel),) = SimpleCookie(line).items()
            self.lines.append(line.replace(f"={morsel.value};", "=VALUE;") if morsel.value else line)
            assert not morsel["domain"] or is_in(host, morsel["domain"])
            key = (name, morsel["domain"] or f"={host}", morsel["path"])
            self.kept.pop(key, None)
            if morsel["max-age"] != "0":
                self.kept[key] = morsel.value
        return answer

    def header(self, url):
        """The Cookie header of a request (RFC 6265, 5.4)."""
        parts = urlsplit(url)
        sent = [
            f"{name}={value}"
            for (name, domain, path), value in self.kept.items()
            if is_for(parts.hostname, domain) and path_matches(parts.path, path)
        ]
        return "; ".join(sent)

    def paths(self):
        """The folders for which it has a signature."""
        return [path for name, _, path in self.kept if name == "CloudFront-Signature"]


def is_for(host, domain):
    return host == domain[1:] if domain.startswith("=") else is_in(host, domain)


def is_in(host, domain):
    return host == domain or host.endswith(f".{domain}")


def path_matches(path, cookie_path):
    """RFC 6265, 5.1.4."""
    return path == cookie_path or path.startswith(cookie_path.removesuffix("/") + "/")
