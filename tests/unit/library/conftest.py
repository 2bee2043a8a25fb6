"""Libraries in a file and on a server of the tests' own."""

from tests.postgres import library, open_library, place, postgres, postgres_url

__all__ = ["library", "open_library", "place", "postgres", "postgres_url"]
