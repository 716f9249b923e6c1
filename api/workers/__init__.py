"""Query processes that can be killed; this file stays empty so that they start fast."""
