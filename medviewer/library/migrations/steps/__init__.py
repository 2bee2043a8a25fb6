"""The steps of the ladder, one module each; a step that was released is never changed."""
