"""What the operator of a running server does: swap snapshots, look at queries, stop them."""
