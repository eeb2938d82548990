"""Steps that bring an older site to the profile of today."""
