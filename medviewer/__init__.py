"""A clinical image viewer in which AI can be seen through. Not for diagnostic use."""

__version__ = "0.1.0"
