"""What the Plone side of the add-on raises, in the one tree that begins in ``cloudfront.errors``."""

from .cloudfront.errors import CFPrivateError
from zope.i18n import translate
from zope.i18nmessageid import Message


class SiteError(CFPrivateError):
    """An error whose first argument is its sentence: a translatable message, or English text."""

    def __str__(self):
        return translate(self.args[0])


class NotConfigured(SiteError):
    """The site lacks a setting without which nothing can be signed."""


class KeyLocked(NotConfigured):
    """A key is stored, but the secret that opens it is missing or is another one."""


class ManagedOutside(NotConfigured):
    """The environment gives the signing key, so that it cannot be changed here."""


class KeyRefused(SiteError):
    """A key that the ring does not take, because of what it holds already."""


class IdRefused(KeyRefused):
    """An id that the ring does not take, because it is another key's."""


class NoSecret(SiteError):
    """There is no secret with which a key could be encrypted."""


class SecretMissing(NoSecret):
    """Nobody gave a secret."""


class NoMedium(SiteError):
    """The item has no medium attached."""


class PlaceTaken(SiteError):
    """Files of other items lie in the HLS folder of an item, or an HLS folder of theirs around its files."""


class SiteNotOpened(SiteError):
    """A command did not get at the site that it was to work on."""


class ChangedMeanwhile(SiteError):
    """Somebody else changed the same at the same time, so that nothing was done: run the command again."""


class NotConfirmed(SiteError):
    """The database was lost at the end of a command, so that nobody knows whether it was done."""


class StorageError(SiteError):
    """The bucket did not do what it was asked to, or cannot be asked; the sentence names what to look at."""


class StorageNotConfigured(StorageError):
    """There is no bucket in the settings, no boto3, or no credentials."""


class StorageRefused(StorageError):
    """The bucket answered that this is not allowed, or not from here, or not now."""


class StorageUnavailable(StorageError):
    """The bucket did not answer in time, or said that it cannot; the same may go well later."""


class NoSuchObject(StorageError):
    """There is no object with this key in the bucket."""


class NoSuchUpload(StorageError):
    """This upload was completed or aborted, or never begun."""


class NoSuchJob(StorageError):
    """MediaConvert knows no job with this id, or not any more."""


class JobRefused(SiteError):
    """A job cannot be begun, or ended, as things stand with the item; the sentence tells why."""


class PartsMissing(StorageError):
    """An upload cannot be completed yet."""


class OtherObject(StorageError):
    """What is in the bucket is not the file that was promised."""


class UploadRefused(SiteError):
    """The current user may not upload this here; ``status`` is that of HTTP, ``kind`` a word for programs."""

    def __init__(self, sentence, *, status: int, kind: str):
        super().__init__(sentence)
        self.status = status
        self.kind = kind


class OtherBytes(SiteError):
    """What was sent to the bucket, or fetched from it, is not what it has to be."""


class WrongQuery(SiteError):
    """A query of a command that the catalog would not understand as it was meant."""


class NotReconciled(StorageError):
    """It is not certain what the site refers to, so that nothing may be deleted from its bucket."""


class NotGranted(CFPrivateError):
    """The current user may not watch the item now; ``grant`` tells why."""

    def __init__(self, grant):
        super().__init__(f"The medium is refused: {grant.reason.value}.")
        self.grant = grant


def sentence_of(error: CFPrivateError) -> Message | str:
    """What to show of an error: translatable, but for errors of the protocol, which know English only."""
    return error.args[0] if isinstance(error, SiteError) else str(error)
