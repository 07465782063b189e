"""Walk a folder, read its Python files, look for three words: what no checker of files can do without.

A program of its own, which imports nothing that it does not need.
"""

import os
import sys

_WORDS = (b"LambdaLR", b"MultiplicativeLR", b"LearningRateScheduler")


def main(folder: str) -> int:
    """Print the files that have one of the words."""
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                whole = os.path.join(path, name)
                with open(whole, "rb") as file:
                    data = file.read()
                if any(word in data for word in _WORDS):
                    print(whole)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
