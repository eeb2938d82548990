"""Rotating the key on the page for it, as a manager does: each function returns the page that follows."""

PAGE = "@@cfprivate-rotate"
BUTTON = "form.buttons"


def activate(client, key):
    """Give a key that was made elsewhere, name it, and have it sign though it was not tested."""
    page = opened(client)
    page = press(client, page, "paste", private_key=key.private_pem())
    page = press(client, page, "name", key_id=key.key_id)
    page = press(client, page, "activate")
    return press(client, page, "activate_anyway")


def go_back(client):
    """Have the previous key sign again."""
    return press(client, opened(client), "back")


def opened(client):
    return client.get(PAGE, "manager").text


def press(client, page, button, **widgets):
    entered = {f"form.widgets.{name}": value for name, value in widgets.items()}
    return client.press(PAGE, page, f"{BUTTON}.{button}", **entered).text
