"""Code and name of the rules that no check stands behind: whoever reads files and comments raises them.

They are needed below the rules, and at every start, so this imports nothing.
"""

from __future__ import annotations

UNREADABLE_FILE = ("LR901", "unreadable-file")
UNUSED_SUPPRESSION = ("LR902", "unused-suppression")
