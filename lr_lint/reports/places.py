"""How a place is spelled for people: as `lr_lint.vocabulary.places` says, for reports and the probe's child alike."""

from __future__ import annotations

from lr_lint.vocabulary.places import place

__all__ = ["place"]
