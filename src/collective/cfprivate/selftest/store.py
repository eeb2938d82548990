"""Whether editors can upload: the bucket as Zope's credentials and the pages of the site find it."""

from ..exceptions import sentence_of
from ..exceptions import StorageError
from ..fetch import Answer
from ..fetch import fetch
from ..fetch import NotFetched
from ..i18n import _
from ..storage.bucket import Bucket
from ..storage.keys import new_key
from .inquiry import Fetch
from .line import failed
from .line import Finding
from .line import Line
from .line import not_run
from .line import passed
from contextlib import suppress


BUCKET_SETTINGS = _(
    "selftest_place_store", default="Plone: Protected media, Bucket; server of Plone: credentials of AWS"
)
BUCKET_CORS = _("selftest_place_store_cors", default="S3: Permissions, Cross-origin resource sharing (CORS)")
BUCKET_PUBLIC = _("selftest_place_store_public", default="S3: Permissions, Block Public Access and Bucket policy")

TITLES = {
    "upload": _("selftest_title_upload", default="Files can be uploaded with the credentials of Zope"),
    "upload-cors": _("selftest_title_upload_cors", default="Pages of this site may send files to the bucket (CORS)"),
    "upload-public": _("selftest_title_upload_public", default="The bucket for uploads is closed to the public"),
}

_SECONDS = 5.0


def lines_of_store(bucket: Bucket, *, folder: str, site_origin: str, fetch: Fetch = fetch) -> tuple[Line, ...]:
    """The lines about uploads: one is begun in ``folder``, nothing is sent, and it is aborted.

    ``site_origin`` is that of the pages with the form; empty where it is not known.
    """
    try:
        url = _begun_and_aborted(bucket, new_key(folder, "selftest.bin"))
    except StorageError as error:
        findings = (failed(sentence_of(error), BUCKET_SETTINGS), _NOT_REACHED, _NOT_REACHED)
    else:
        findings = (_CAN_UPLOAD, _asked(_cors, url, site_origin, fetch), _asked(_public, url, site_origin, fetch))
    return tuple(
        Line(name=name, title=title, outcome=found.outcome, message=found.message, setting=found.setting)
        for (name, title), found in zip(TITLES.items(), findings, strict=True)
    )


def _begun_and_aborted(bucket: Bucket, key: str) -> str:
    """The signed URL of a part of an upload that is over again."""
    upload_id = bucket.begin_upload(key, content_type="application/octet-stream")
    try:
        bucket.parts(key, upload_id)
        url = bucket.sign_part(key, upload_id, 1)
    except StorageError:
        # The reason of the first error is the one to tell.
        with suppress(StorageError):
            bucket.abort_upload(key, upload_id)
        raise
    bucket.abort_upload(key, upload_id)
    return url


def _asked(ask, url: str, site_origin: str, fetch: Fetch) -> Finding:
    try:
        return ask(url, site_origin, fetch)
    except NotFetched as error:
        message = _(
            "selftest_store_not_fetched",
            default="Not known: the host ${host} of the bucket did not answer.",
            mapping={"host": error.host},
        )
        return not_run(message)


def _cors(url: str, site_origin: str, fetch: Fetch) -> Finding:
    if not site_origin:
        return not_run(_NO_SITE)
    headers = {"Origin": site_origin, "Access-Control-Request-Method": "PUT"}
    answer = fetch(url, method="OPTIONS", headers=headers, seconds=_SECONDS)
    mapping = {"origin": site_origin}
    if _allows_put(answer, site_origin):
        return passed(
            _(
                "selftest_upload_cors_passed",
                default="Pages of ${origin} may send files to the bucket.",
                mapping=mapping,
            )
        )
    return failed(
        _(
            "selftest_upload_cors_failed",
            default="The bucket does not allow PUT to pages of ${origin}, so that browsers send no file: add a rule to its CORS "
            "configuration.",
            mapping=mapping,
        ),
        BUCKET_CORS,
    )


def _allows_put(answer: Answer, site_origin: str) -> bool:
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    methods = answer.headers.get("Access-Control-Allow-Methods", "").upper().replace(" ", "").split(",")
    return answer.status < 300 and allowed in {"*", site_origin} and bool({"PUT", "*"}.intersection(methods))


def _public(url: str, site_origin: str, fetch: Fetch) -> Finding:
    # To who may list a bucket S3 says that a file is missing, to all others that they are denied.
    answer = fetch(url.partition("?")[0], method="GET", headers={}, seconds=_SECONDS)
    if answer.status in {400, 401, 403}:
        return passed(_("selftest_upload_public_passed", default="Without a signature the bucket gives nothing."))
    if answer.status in {200, 206, 404}:
        message = _(
            "selftest_upload_public_failed",
            default="The bucket answers without a signature (status ${status}): whoever knows its name can look for files.",
            mapping={"status": str(answer.status)},
        )
        return failed(message, BUCKET_PUBLIC)
    message = _(
        "selftest_upload_public_other",
        default="Not known: without a signature the bucket answered with status ${status}.",
        mapping={"status": str(answer.status)},
    )
    return not_run(message)


_CAN_UPLOAD = passed(_("selftest_upload_passed", default="An upload was begun and ended; nothing of it is left."))
_NOT_REACHED = not_run(_("selftest_upload_not_reached", default="Not run, because no upload could be begun."))
_NO_SITE = _(
    "selftest_no_site",
    default="Not run, because the address at which visitors see the site was not given.",
)
