"""Asking the services for what they are not meant to do."""

import json
import pytest
import transaction


JSON = {"Accept": "application/json", "Content-Type": "application/json"}


@pytest.fixture
def send(served):
    """A function that asks as a Manager, with a body as it stands."""

    def ask(path, method, body=None, **headers):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body)
        answer = served.get(path, "manager", method, headers={**JSON, **headers}, data=data)
        transaction.begin()
        return answer

    return ask
