"""Readers get their pages while servers fail. See README.md."""

from .clock import within

__all__ = ["within"]
