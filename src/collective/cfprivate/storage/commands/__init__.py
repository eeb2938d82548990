"""The commands of the room, one in a module."""
