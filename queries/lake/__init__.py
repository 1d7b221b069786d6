"""Published versions in a lake: DuckLake with its catalogue in Postgres and its files in S3, for many servers at once."""
