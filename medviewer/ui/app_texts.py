"""Templates of sentences made below the window."""

TEMPLATES: tuple[str, ...] = ()
