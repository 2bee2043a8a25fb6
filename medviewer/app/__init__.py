"""The deeds, without a window: session, desk, open studies, pixels, analyses, commands, settings, services."""
