"""Changes to the graph: one writer, a process that can be killed, a new snapshot for each."""
