"""Public packages, pinned, as a tree of real code: downloaded by pip, unpacked into the cache, never installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import FailedError

# What these packages hold besides: nothing of it is text.
_COMPILED = (".so", ".pyd", ".dll", ".dylib")
_WHEELS_ALONE = ("--no-deps", "--only-binary", ":all:")
# Of one package there are wheels for old versions of Python alone. Nothing of it is run.
_OLD = (
    "--python-version=3.8",
    *(f"--platform={name}" for name in ("manylinux_2_5_x86_64", "manylinux1_x86_64", "any")),
)
LIBRARIES: tuple[tuple[str, Sequence[str]], ...] = (
    *(
        (requirement, ())
        for requirement in (
            "accelerate==1.15.0 allennlp==2.10.1 catalyst==22.4 darts==0.48.1 diffusers==0.42.1 espnet==202511 "
            "flair==0.15.1 keras==3.15.1 kornia==0.9.0 lightning==2.6.6 mmengine==0.10.7 monai==1.6.1 "
            "mosaicml==0.32.1 open_clip_torch==3.3.0 peft==0.21.2 pytorch_forecasting==1.8.0 "
            "pytorch_ignite==0.5.5 sentence_transformers==6.2.0 simpletransformers==0.70.8 skorch==1.4.0 "
            "speechbrain==1.1.2 timm==1.0.31 torch_geometric==2.8.1 torchdistill==1.1.5 transformers==5.23.0 "
            "trl==1.16.0 ultralytics==8.4.190"
        ).split()
    ),
    ("fairseq==0.12.2", _OLD),
)


def libraries(cache: Path, packages: Sequence[tuple[str, Sequence[str]]] = LIBRARIES) -> Path:
    """A folder with the packages, each in a folder of its own.

    Args:
        cache: where the folder is made; what lies there already is not downloaded again.
        packages: what pip calls them, each with the options of pip that it needs.

    Raises:
        FailedError: if pip cannot get one of them.
    """
    home = cache / "libraries"
    for requirement, options in packages:
        folder = home / requirement.partition("==")[0]
        done = cache / "unpacked" / requirement
        if not done.exists():
            _unpack(_downloaded(cache / "wheels", requirement, options), folder)
            done.parent.mkdir(parents=True, exist_ok=True)
            done.touch()
    return home


def _downloaded(wheels: Path, requirement: str, options: Sequence[str]) -> Path:
    folder = wheels / requirement
    command = [sys.executable, "-m", "pip", "download", "-q", *_WHEELS_ALONE, *options, "-d", str(folder), requirement]
    print(f"downloading {requirement}", file=sys.stderr)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode != 0 or wheel is None:
        raise FailedError(f"pip cannot download {requirement}: {done.stderr.strip().splitlines()[-1:]}")
    return wheel


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if not name.endswith(_COMPILED)])
