"""Om: what the pages show, the words, the definitions, accessibility and personal data."""
