"""What the self-test found: one line for each question."""

from dataclasses import dataclass
from typing import Literal
from zope.i18nmessageid import Message


Outcome = Literal["passed", "failed", "not-run"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer to one question: `message` says what was found and what it means.

    `setting` is what to change and where, and empty unless the outcome is "failed".
    """

    outcome: Outcome
    message: Message
    setting: Message | str = ""


@dataclass(frozen=True, kw_only=True)
class Line(Finding):
    """A finding with its place in the report: `name` is a stable word, `title` says what was asked."""

    name: str
    title: Message


def passed(message: Message) -> Finding:
    return Finding(outcome="passed", message=message)


def failed(message: Message, setting: Message) -> Finding:
    return Finding(outcome="failed", message=message, setting=setting)


def not_run(message: Message) -> Finding:
    return Finding(outcome="not-run", message=message)
