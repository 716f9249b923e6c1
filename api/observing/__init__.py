"""What a running server tells its operator: metrics, logs, and the queries at work."""
