"""What is kept: studies, what models and readers said of them, work that waits, and who did what. SQLAlchemy lives here."""
