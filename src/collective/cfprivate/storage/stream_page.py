"""Below an item, for who manages its medium: the stream that is made of an uploaded video."""

from .. import settings
from ..cloudfront.errors import CFPrivateError
from ..exceptions import sentence_of
from ..i18n import _
from .stream_job import ask
from .stream_job import ATTACHED
from .stream_job import begin
from .stream_job import cancel
from .stream_job import CHANGED
from .stream_job import job_of_item
from .stream_job import LOST
from .stream_job import refusal_to_begin
from .stream_job import StreamJob
from .stream_job import transcoder_of_site
from .transcoder import JobState
from plone import api
from plone.app.layout.viewlets import ViewletBase
from plone.protect import CheckAuthenticator
from Products.Five.browser import BrowserView
from zope.i18nmessageid import Message

import time


STATES = {
    JobState.SUBMITTED.value: _("stream_submitted", default="The stream waits to be made."),
    JobState.RUNNING.value: _("stream_running", default="The stream is being made."),
    JobState.FAILED.value: _("stream_failed", default="The stream could not be made."),
    JobState.CANCELED.value: _("stream_canceled", default="The making of the stream was cancelled."),
    ATTACHED: _("stream_attached", default="The stream was made and is what visitors watch now."),
    CHANGED: _(
        "stream_medium_changed",
        default="The stream was made, but this item has another medium meanwhile, so that it was not attached.",
    ),
    LOST: _("stream_lost", default="Nothing came of the stream: neither the job nor its playlist is to be found."),
}


def _begin(item) -> None:
    begin(item, transcoder_of_site(), now=int(time.time()))


ACTIONS = {
    "begin": _begin,
    "ask": lambda item: ask(item, transcoder_of_site()),
    "cancel": lambda item: cancel(item, transcoder_of_site()),
}


class StreamViewlet(ViewletBase):
    """How far the stream is, and what can be done; nothing where the site has no role of MediaConvert."""

    job: StreamJob | None = None
    may_begin = False

    def update(self):
        super().update()
        if not settings.bucket().mediaconvert_role:
            return
        self.job = job_of_item(self.context)
        self.may_begin = refusal_to_begin(self.context) is None

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell or to do."""
        return self.job is not None or self.may_begin

    @property
    def state(self) -> Message:
        """How far it is, as a sentence."""
        return STATES[self.job.result or self.job.state]

    @property
    def actions(self) -> list[tuple[str, Message, str]]:
        """The buttons: name, words and class."""
        if self.job is not None and self.job.open:
            return [
                ("ask", _("button_ask_stream", default="Look how far it is"), "btn-primary"),
                ("cancel", _("button_cancel_stream", default="Cancel it"), "btn-secondary"),
            ]
        again = _("button_begin_stream_again", default="Make the stream anew")
        words = again if self.job is not None else _("button_begin_stream", default="Make a stream of the video")
        return [("begin", words, "btn-primary")] if self.may_begin else []


class StreamView(BrowserView):
    """``@@cfprivate-stream``: does what a button of the viewlet says, in a POST alone, and goes back to the item."""

    def __call__(self):
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            self._act(ACTIONS.get(self.request.form.get("action")))
        self.request.response.redirect(self.context.absolute_url() + "/view")
        return ""

    def _act(self, action) -> None:
        if action is None:
            return
        try:
            action(self.context)
        except CFPrivateError as error:
            api.portal.show_message(sentence_of(error), self.request, type="error")
            return
        job = job_of_item(self.context)
        api.portal.show_message(STATES[job.result or job.state], self.request)
