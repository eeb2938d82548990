"""What an item protects: its medium."""
