"""``@controlpanels/cfprivate``: the control panel for REST clients. A secret goes in and never comes out.

plone.restapi asks for "Plone Site Setup: Overview" alone, so that reading and writing ask for Configure here.
"""

from .. import settings
from ..exceptions import sentence_of
from ..i18n import _
from ..interfaces import IBrowserLayer
from ..interfaces import ISettings
from ..permissions import CONFIGURE
from .as_json import status_as_json
from .key_input import ISigningKeyInput
from .refused import FieldRefused
from .saving import key_of
from .saving import save
from .status import status_of_site
from AccessControl import Unauthorized
from collections.abc import Iterator
from collections.abc import Mapping
from plone import api
from plone.base.interfaces import IPloneSiteRoot
from plone.dexterity.interfaces import IDexterityContent
from plone.restapi.controlpanels import RegistryConfigletPanel
from plone.restapi.controlpanels.interfaces import IControlpanel
from plone.restapi.deserializer import json_body
from plone.restapi.exceptions import DeserializationError
from plone.restapi.interfaces import IDeserializeFromJson
from plone.restapi.interfaces import IFieldDeserializer
from plone.restapi.interfaces import ISerializeToJson
from plone.restapi.serializer.controlpanels import ControlpanelSummarySerializeToJson
from plone.restapi.serializer.controlpanels import get_jsonschema_for_controlpanel
from plone.restapi.serializer.converters import json_compatible
from plone.schema import IJSONField
from zExceptions import BadRequest
from zope.component import adapter
from zope.component import getMultiAdapter
from zope.i18n import translate
from zope.interface import implementer
from zope.schema import getFields
from zope.schema.interfaces import IBool
from zope.schema.interfaces import IInt
from zope.schema.interfaces import ITuple
from zope.schema.interfaces import ValidationError


# What JSON has for each kind of field; a text for all others.
KINDS = ((IBool, bool), (IInt, int), (ITuple, list), (IJSONField, dict))

WRONG_KIND = _("error_wrong_kind", default="This is not the kind of value that the field takes.")

KEY_FIELDS = frozenset(getFields(ISigningKeyInput))


class ICFPrivateControlpanel(IControlpanel):
    """The panel of this package."""


class IPanelFields(ISettings, ISigningKeyInput):
    """All that can be written."""


@implementer(IDexterityContent)
class _Nowhere:
    """What plone.restapi's deserializers of fields are adapted to: they look at the field alone."""


@adapter(IPloneSiteRoot, IBrowserLayer)
@implementer(ICFPrivateControlpanel)
class CFPrivateControlpanel(RegistryConfigletPanel):
    """The panel; plone.restapi finds it by the name ``cfprivate``."""

    schema = IPanelFields
    schema_prefix = settings.PREFIX
    configlet_id = "cfprivate"
    configlet_category_id = "Products"


@adapter(ICFPrivateControlpanel)
@implementer(ISerializeToJson)
class SerializePanel:
    """Settings, what may be shown of the keys, and what is missing."""

    def __init__(self, controlpanel):
        self.controlpanel = controlpanel

    def __call__(self) -> dict:
        panel = self.controlpanel
        _check_permission(panel)
        status = status_of_site()
        panel.request.response.setHeader("Cache-Control", "private, no-store")
        stored = {name: json_compatible(value) for name, value in settings.stored().items()}
        return {
            **ControlpanelSummarySerializeToJson(panel)(),
            "schema": get_jsonschema_for_controlpanel(panel, panel.context, panel.request),
            "data": {
                **stored,
                **dict.fromkeys(KEY_FIELDS),
                "key_id": status.key.key_id if status.key else None,
            },
            "status": status_as_json(status, panel.request),
        }


@adapter(ICFPrivateControlpanel)
@implementer(IDeserializeFromJson)
class DeserializePanel:
    """Saves what was sent, all of it or nothing; raises ``BadRequest`` with a sentence for each field."""

    def __init__(self, controlpanel):
        self.controlpanel = controlpanel

    def __call__(self) -> None:
        data = self._body()
        values = self._values(data)
        changes = {name: value for name, value in values.items() if name not in KEY_FIELDS}
        try:
            save(changes, key_of(values))
        except FieldRefused as error:
            raise BadRequest([self._error(error.field, sentence_of(error))]) from None

    def _body(self) -> dict:
        request = self.controlpanel.request
        try:
            _check_permission(self.controlpanel)
            return json_body(request)
        except DeserializationError as error:
            raise BadRequest(str(error)) from None
        finally:
            # Zope keeps what it read of the body with each error that it logs.
            request.other.pop("BODY", None)
            request.form.clear()

    def _values(self, data: Mapping[str, object]) -> dict[str, object]:
        unknown = sorted(set(data) - set(getFields(IPanelFields)))
        errors = [self._error(name, _("error_unknown_field", default="There is no such field.")) for name in unknown]
        values = {}
        for name, value in data.items():
            if name not in unknown:
                errors.extend(self._read(name, value, values))
        if errors:
            raise BadRequest(errors)
        return values

    def _read(self, name: str, value: object, values: dict) -> Iterator[dict]:
        """Put the value of a field into ``values``, or yield what is wrong with it."""
        field = getFields(IPanelFields)[name]
        if not _is_of_its_kind(field, value):
            yield self._error(name, WRONG_KIND)
            return
        deserialize = getMultiAdapter((field, _Nowhere(), self.controlpanel.request), IFieldDeserializer)
        try:
            values[name] = deserialize(value)
            field.validate(values[name])
        except ValidationError as error:
            yield self._error(name, error.doc())
        except (ValueError, TypeError):
            yield self._error(name, WRONG_KIND)

    def _error(self, field: str, sentence) -> dict:
        message = translate(sentence, context=self.controlpanel.request)
        return {"field": field, "message": message, "error": "ValidationError"}


def _is_of_its_kind(field, value: object) -> bool:
    # In Python true is a number, and plone.restapi takes texts for what they might mean.
    kind = next((kind for interface, kind in KINDS if interface.providedBy(field)), str)
    return type(value) is kind or (value is None and kind is str and not field.required)


def _check_permission(panel) -> None:
    if not api.user.has_permission(CONFIGURE, obj=panel.context):
        raise Unauthorized("Configure")
