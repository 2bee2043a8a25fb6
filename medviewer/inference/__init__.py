"""Models without torch: folder, card, eligibility, messages, and the client that drives the model process."""
