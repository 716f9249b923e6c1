"""Complete answers kept for the next client: keys, entity tags, the cache, compression."""
