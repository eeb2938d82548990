"""Who may watch, and until when."""
