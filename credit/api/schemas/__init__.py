"""What bodies and replies look like: ``…In`` forbids what it does not name, ``…Out`` names all it shows."""
