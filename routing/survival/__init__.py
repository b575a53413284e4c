"""Readers get their page while servers fail. README.md explains it."""

from .clock import within

__all__ = ["within"]
