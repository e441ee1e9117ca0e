"""The law's nouns as frozen types: parties, relations, records, projects, questions, facts, verdicts."""
