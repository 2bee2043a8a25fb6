"""Qt: everything on the screen, thin over app/."""
