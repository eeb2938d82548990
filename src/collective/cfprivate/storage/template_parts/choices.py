"""What a stack is made for: the site, its keys, and what the administrator chose."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StackKey:
    """The public half of a key of the ring: ``slot`` is active, next or previous, ``public_pem`` its SPKI text."""

    slot: str
    fingerprint: str
    public_pem: str

    @property
    def digits(self) -> str:
        """The first 64 bits of the fingerprint, in 16 hexadecimal digits: what names the key in the stack."""
        return self.fingerprint.replace(":", "")[:16]

    @property
    def resource(self) -> str:
        """Its name in the template.

        CloudFront never changes a public key (CannotChangeImmutablePublicKeyFields), so that another key has to be
        another resource: that is how a rotation is an update of the stack.
        """
        return f"PublicKey{self.digits}"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """``origins`` are those of the site, ``keys`` has at least one, ``folders`` are the prefixes that Plone writes under.

    ``bucket`` is the name of one that exists, and ``region`` its region; both are empty where the stack makes one.
    ``cname`` and ``certificate`` (an ARN) go together; ``cookie_domain`` is empty where no signed cookies are used.
    """

    origins: tuple[str, ...]
    keys: tuple[StackKey, ...]
    folders: tuple[str, ...]
    binds_ip: bool = False
    cname: str = ""
    certificate: str = ""
    cookie_domain: str = ""
    bucket: str = ""
    region: str = ""
    mediaconvert: bool = True
    logs: bool = True

    @property
    def options(self) -> list[str]:
        """The options of ``cfprivate template`` that give the same again."""
        texts = {
            "cname": self.cname,
            "certificate": self.certificate,
            "cookie-domain": self.cookie_domain,
            "existing-bucket": self.bucket,
            "bucket-region": self.region,
        }
        flags = {
            "cookies": bool(self.cookie_domain),
            "without-mediaconvert": not self.mediaconvert,
            "without-logs": not self.logs,
        }
        return [
            *(f"--site-url={origin}" for origin in self.origins),
            *(f"--{name}={text}" for name, text in texts.items() if text),
            *(f"--{name}" for name, given in flags.items() if given),
        ]
