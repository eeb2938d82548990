"""Who may open the pages to which the control panel leads, and that it leads there."""

import pytest
import transaction


pytestmark = pytest.mark.parametrize("page", ["cfprivate-stack", "cfprivate-reconcile"])


def test_a_manager_may_open_it(manager, page):
    assert manager.open(page).status == 200


@pytest.mark.parametrize("roles", [["Site Administrator"], ["Editor"], []], ids="+".join)
def test_nobody_else_may_open_it(visit, add_user, page, roles):
    add_user("somebody", *roles)
    transaction.commit()
    assert "form.buttons" not in visit("somebody").open(page).page


def test_anonymous_is_sent_to_log_in(visit, page):
    assert "/login" in visit().open(page).browser.url


def test_the_control_panel_leads_to_it(manager, page):
    assert f"@@{page}" in manager.recall().page
