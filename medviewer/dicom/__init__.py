"""Files to core values: sources, headers, grouping, pixels, the readers' pool, the phantom."""
