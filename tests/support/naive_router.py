"""WRONG ON PURPOSE: the router that everyone writes first. Reads: a random replica. Writes: the primary."""

import random


class NaiveRouter:
    def db_for_read(self, model, **hints):
        return random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
