"""Everything that is asked of the published exports, and how they are taken in. Knows no screen."""
