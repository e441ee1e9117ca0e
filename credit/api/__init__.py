"""The HTTP API: the contract's resources over the use-cases."""
