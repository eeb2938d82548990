"""What any add-on would do in the place of ours, and no less: for `pages.py` alone."""
