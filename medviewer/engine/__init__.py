"""The model process: torch and captum live here and nowhere else; nobody imports it."""
