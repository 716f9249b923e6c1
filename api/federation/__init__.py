"""SERVICE clauses for hosts that the operator allows, answered by the front and nobody else."""
