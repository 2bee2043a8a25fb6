"""The worklist page: which studies wait, in which order and why, and what a reader does to them."""
