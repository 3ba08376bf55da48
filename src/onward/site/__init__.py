"""Settings, addresses, and the programs that serve: where everything is handed to everything else."""
