"""Forms of a page, filled in and sent as a browser without JavaScript would."""

from bs4 import BeautifulSoup


def filled_in(html, button, **values):
    """What is sent when the button of this name is pressed, after ``values`` were entered: pairs of names and values."""
    page = BeautifulSoup(html, "html.parser")
    pressed = page.find(attrs={"name": button})
    assert pressed, f"There is no button {button} in this page: {' '.join(page.text.split())}"
    sent = [
        pair
        for element in pressed.find_parent("form").select("input, textarea, select")
        for pair in _successful(element)
    ]
    kept = [(name, value) for name, value in sent if name not in values]
    return [*kept, *values.items(), (button, "pressed")]


def _successful(element):
    name = element.get("name")
    if not name or element.has_attr("disabled"):
        return []
    if element.name == "textarea":
        return [(name, element.text)]
    if element.name == "select":
        return [(name, option.get("value", option.text)) for option in element.select("option[selected]")]
    return _successful_input(element, name)


def _successful_input(element, name):
    kind = element.get("type", "text")
    if kind in {"submit", "button", "image", "file"}:
        return []
    if kind in {"checkbox", "radio"} and not element.has_attr("checked"):
        return []
    return [(name, element.get("value", ""))]
