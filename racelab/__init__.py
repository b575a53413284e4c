"""DEMO ONLY: shows the race between a save and its replication. README.md says how to delete it."""
