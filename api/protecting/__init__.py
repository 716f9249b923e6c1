"""What keeps the server from being worn out: limits on requests, on clients and on queries."""
