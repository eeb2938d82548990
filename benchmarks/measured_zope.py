"""Zope as the demo serves it, which tells what its processor has worked: ``python -m measured_zope ZOPE_CONF PORT``.

CPU-Seconds is a header of each answer: those of the whole process until then. Viewlet-Seconds are those of the two places
for viewlets that `bare.viewlets` times. The path ``/cpu-seconds`` is answered before Zope.
"""

from bare.viewlets import Stopwatch
from bare.viewlets import time_place
from collective.cfprivate.demo.layout import HOST
from pathlib import Path
from time import process_time
from Zope2.Startup.run import make_wsgi_app
from ZPublisher.httpexceptions import HTTPExceptionHandler

import sys
import waitress


def measured(application):
    """`application` with these headers."""

    def answer(environ, start_response):
        def start(status, headers, *others):
            told = [("CPU-Seconds", f"{process_time():.9f}"), ("Viewlet-Seconds", f"{Stopwatch.of_thread.seconds:.9f}")]
            return start_response(status, [*headers, *told], *others)

        Stopwatch.of_thread.seconds = 0.0
        if environ["PATH_INFO"] == "/cpu-seconds":
            start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        return application(environ, start)

    return answer


def serve(zope_conf, port):
    application = HTTPExceptionHandler(make_wsgi_app({}, str(zope_conf)))
    time_place()
    waitress.serve(measured(application), host=HOST, port=port, threads=4, ident="Zope")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
