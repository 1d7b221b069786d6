"""One module a format: what it recognises, and how it becomes rows of the data model."""
