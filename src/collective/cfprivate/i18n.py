"""The translation domain of the add-on."""

from zope.i18nmessageid import MessageFactory


_ = MessageFactory("collective.cfprivate")
