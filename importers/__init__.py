"""Importers: files of public sources turned into statements for the registry, one module and one TOML a source."""
