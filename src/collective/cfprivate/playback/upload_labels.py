"""The words of the upload in the forms, in the editor's language."""

from ..i18n import _
from zope.i18n import translate

import json


# The script fills in what stands in braces.
LABELS = {
    "choose": _("upload_choose", default="Upload a file…"),
    "chooseSeveral": _("upload_choose_several", default="Upload files…"),
    "drop": _("upload_drop", default="or drop it here"),
    "dropSeveral": _("upload_drop_several", default="or drop them here"),
    "dropSorted": _(
        "upload_drop_sorted",
        default="or drop them here. Of several files the first is the medium, an image beside a video its poster, and all "
        "others are further renditions.",
    ),
    "waiting": _("upload_waiting", default="Waits for the file before it"),
    "sending": _("upload_sending", default="{percent}, {time} left"),
    "lost": _("upload_lost", default="The connection is lost."),
    "goesOn": _("upload_goes_on", default="It goes on as soon as there is one."),
    "nextTry": _("upload_next_try", default="Next try in {time}."),
    "finishing": _("upload_finishing", default="Is put together and checked"),
    "paused": _("upload_paused", default="Paused at {percent}"),
    "done": _("upload_done", default="Uploaded. Save the form to use it."),
    "interrupted": _(
        "upload_interrupted", default="{percent} had arrived. Choose the same file once more, and the rest is sent."
    ),
    "arrived": _("upload_arrived", default="Uploaded, but the form was not saved with it."),
    "started": _("upload_started", default="The upload of {name} begins."),
    "cancelled": _("upload_cancelled", default="The upload of {name} is cancelled."),
    "pause": _("upload_pause", default="Pause"),
    "goOn": _("upload_go_on", default="Go on"),
    "tryAgain": _("upload_try_again", default="Try again"),
    "cancel": _("upload_cancel", default="Cancel the upload"),
    "chooseSame": _("upload_choose_same", default="Choose the file…"),
    "use": _("upload_use", default="Use it"),
    "dismiss": _("upload_dismiss", default="Take it off the list"),
    "oneFile": _("upload_one_file", default="This field takes one file."),
    "otherFile": _(
        "upload_other_file",
        default="This is another file than the one whose upload was interrupted: {name}, {size}, last changed on {date}.",
    ),
    "unfinished": _(
        "upload_unfinished",
        default="The upload of {name} is not finished: wait for it, or cancel it, before you save.",
    ),
    "cors": _(
        "upload_cors",
        default="The bucket answers, but lets the browser send nothing: its CORS setting has to allow PUT from {origin}.",
    ),
    "bucketFull": _(
        "upload_bucket_full",
        default="The bucket is full: somebody has to free some space, or to enlarge its quota.",
    ),
    "bucketRefused": _(
        "upload_bucket_refused",
        default="The bucket refuses what Plone has signed ({code}): somebody has to look at the clock of the server, at the "
        "credentials that Zope has for the bucket, and at their policy.",
    ),
    "bucketBusy": _("upload_bucket_busy", default="The bucket has too much to do now ({status})."),
    "bucketAnswered": _("upload_bucket_answered", default="The bucket does not take the file: {code}."),
    "answered": _("upload_answered", default="The server has answered with {status}, and did not say why."),
    "failed": _(
        "upload_failed", default="The upload has failed: the browser cannot read the file any more, or has an error."
    ),
}


def translated_labels(request) -> str:
    """The label of each name, as a JSON object."""
    return json.dumps({name: translate(label, context=request) for name, label in LABELS.items()}, ensure_ascii=False)
