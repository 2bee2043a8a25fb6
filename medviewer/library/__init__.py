"""What is kept: studies, what models and readers said of them, waiting work, who did what. SQLAlchemy lives here."""
