"""The files from which Zope starts, and Zope itself, without any tool of its own."""

from .layout import HOST
from .layout import Layout
from pathlib import Path

import sys


ZOPE_CONF = """\
%define VAR {var}
instancehome $VAR/instance
clienthome $VAR
debug-mode off
default-zpublisher-encoding utf-8

<zodb_db main>
    mount-point /
    cache-size 30000
    <filestorage>
        path $VAR/filestorage/Data.fs
        blob-dir $VAR/blobstorage
    </filestorage>
</zodb_db>
"""

SITE_ZCML = """\
<configure
    xmlns="http://namespaces.zope.org/zope"
    xmlns:five="http://namespaces.zope.org/five"
    xmlns:meta="http://namespaces.zope.org/meta">

  <include package="Products.Five" />
  <meta:redefinePermission from="zope2.Public" to="zope.Public" />
  <five:loadProducts file="meta.zcml" />
  <five:loadProducts />
  <five:loadProductsOverrides />
  <securityPolicy component="AccessControl.security.SecurityPolicy" />

</configure>
"""


def write_instance(layout: Layout) -> None:
    """Write zope.conf and site.zcml; both are made anew at every start."""
    for folder in ("instance/etc", "filestorage", "blobstorage", "log", "edge", "bucket"):
        (layout.var / folder).mkdir(parents=True, exist_ok=True)
    (layout.var / "blobstorage").chmod(0o700)
    layout.zope_conf.write_text(ZOPE_CONF.format(var=layout.var))
    (layout.var / "instance" / "etc" / "site.zcml").write_text(SITE_ZCML)


def serve(zope_conf: Path, port: int) -> None:
    """Run Zope on 127.0.0.1 until the process is ended."""
    from waitress import serve as serve_wsgi
    from Zope2.Startup.run import make_wsgi_app
    from ZPublisher.httpexceptions import HTTPExceptionHandler

    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    application = HTTPExceptionHandler(make_wsgi_app({}, str(zope_conf)))
    serve_wsgi(application, host=HOST, port=port, threads=4, ident="Zope")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
