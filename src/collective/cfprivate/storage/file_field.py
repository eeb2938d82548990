"""The field of an item whose file is moved: its primary field, where that keeps a blob."""

from dataclasses import dataclass
from plone.namedfile.interfaces import INamedBlobFile
from plone.namedfile.interfaces import INamedBlobFileField
from plone.namedfile.interfaces import INamedBlobImageField
from plone.rfc822.interfaces import IPrimaryFieldInfo


@dataclass(frozen=True)
class FileField:
    """A field of an item, for a file or an image in a blob."""

    item: object
    field: object

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.field.__name__

    @property
    def value(self):
        """The file in a blob; None where there is none."""
        value = self.field.get(self._place)
        return value if INamedBlobFile.providedBy(value) else None

    def put(self, data=b"", *, content_type: str, filename: str | None) -> None:
        """Keep another file: ``data`` are bytes, or an open file that the database takes away.

        The former blob stays as it is, because versions refer to it.
        """
        self.field.set(self._place, self.field._type(data, contentType=content_type, filename=filename))

    @property
    def _place(self):
        return self.field.interface(self.item)


def file_field_of(item) -> FileField | None:
    """The primary field of an item; None where its type has none that keeps a blob."""
    info = IPrimaryFieldInfo(item, None)
    field = None if info is None else info.field
    if INamedBlobFileField.providedBy(field) or INamedBlobImageField.providedBy(field):
        return FileField(item, field)
    return None
