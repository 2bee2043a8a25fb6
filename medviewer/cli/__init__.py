"""The deeds of app/ from a terminal."""
