"""Links with which guests without an account watch one item."""
