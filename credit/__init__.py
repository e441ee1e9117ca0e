"""Registry of supplier credit in Chinese public procurement: who may take part, here, on this day, and why."""
