"""The public functions of rooms, and how to make one of them fail wherever it is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages
from types import CodeType
from types import FunctionType
from types import ModuleType

import inspect
import sys


ROOMS = ("keyring", "controlpanel", "services", "selftest", "playback", "guests")
# Of one module each.
SMALL_ROOMS = ("fetch", "settings")


class Injected(Exception):
    """What nobody expects."""


def public_functions() -> dict[str, CodeType]:
    """The code of each public function, method, property, button and command, by its place."""
    return {
        f"{module.__name__.removeprefix('collective.cfprivate.')}.{name}": code
        for module in modules()
        for name, code in of_module(module)
    }


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = import_module(f"collective.cfprivate.{room}")
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(found.name)
    for module in SMALL_ROOMS:
        yield import_module(f"collective.cfprivate.{module}")


def of_module(module: ModuleType) -> Iterator[tuple[str, CodeType]]:
    for name, value in public(vars(module)):
        if inspect.isclass(value) and value.__module__ == module.__name__:
            members = ((f"{name}.{member}", each) for member, each in public(vars(value)))
        else:
            members = [(name, value)]
        for place, member in members:
            code = code_of(member)
            if code is not None and code.co_filename == module.__file__:
                yield place, code


def public(names: dict) -> list[tuple[str, object]]:
    return [(name, value) for name, value in names.items() if name == "__call__" or not name.startswith("_")]


def code_of(member: object) -> CodeType | None:
    """The code behind a function and what wraps one: properties, class methods, z3c.form's buttons, click's commands."""
    for name in ("fget", "__func__", "func", "callback"):
        member = getattr(member, name, None) or member
    member = inspect.unwrap(member)
    return member.__code__ if isinstance(member, FunctionType) else None


@contextmanager
def failing(code: CodeType):
    """The first call of ``code`` fails when it has done all its work, with everything at hand; gives a list of that."""
    failed = []

    def fail(frame, event, argument):
        if event == "return":
            failed.append(code)
            raise Injected("Something that nobody expects went wrong.")
        return fail

    with tracing(lambda frame, event, argument: fail if frame.f_code is code else None):
        yield failed


@contextmanager
def recording(codes: set[CodeType]):
    """Gives a set that gets those of ``codes`` that are called meanwhile."""
    called = set()

    def record(frame, event, argument):
        if frame.f_code in codes:
            called.add(frame.f_code)

    with tracing(record):
        yield called


@contextmanager
def tracing(function):
    before = sys.gettrace()
    sys.settrace(function)
    try:
        yield
    finally:
        sys.settrace(before)
