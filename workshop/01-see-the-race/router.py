"""WRONG ON PURPOSE: the router that everyone writes first. Leave it as it is; chapter 2 changes it."""

import random


class Router:
    def db_for_read(self, model, **hints):
        return random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
