"""What no service is meant to get, and how a refusal looks."""

from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st


HUGE = {
    "text": "x" * 1_000_000,
    "number": 10**400,
    "negative": -(10**30),
    "list": ["x"] * 10_000,
    "object": {"a": {"b": {}}},
    "float": 1e308,
}
NO_OBJECTS = [b"[]", b"5", b"{", b"\xff", b'"x"', b"null"]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def is_refused(answer):
    """Whether that is 4xx with JSON; where plone.restapi cannot read a body, its words are within ``error``."""
    told = answer.json()
    return answer.status_code // 100 == 4 and bool(told.get("error", told)["message"])
