"""From facts about a construction to findings."""
