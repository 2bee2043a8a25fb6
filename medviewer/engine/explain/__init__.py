"""Why a model answered as it did: maps on the pixels of the source picture."""
