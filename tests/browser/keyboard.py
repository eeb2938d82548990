"""Where the focus is, and how it gets somewhere by the keyboard alone."""

import pytest


# Where the focus is: the elements from the document inwards, through shadow roots.
FOCUS = """() => {
  const path = [];
  for (let each = document.activeElement; each; each = each.shadowRoot?.activeElement) path.push(each);
  return path;
}"""
IN_PLAYER = (
    f"() => ({FOCUS})().filter((each) => each.localName.startsWith('media-')).map((each) => each.localName).pop()"
)
# Far more than Plone's page has, so that a trap is noticed.
MANY = 150


def tab_until(page, found, key="Tab"):
    """Press Tab until ``found`` (a JavaScript function) is true; fail where that never comes."""
    for _ in range(MANY):
        page.keyboard.press(key)
        if page.evaluate(found):
            return
    pytest.fail("The keyboard does not get there.")
