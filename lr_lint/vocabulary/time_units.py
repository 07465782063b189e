"""Units of time: exponents over epochs, batches and updates, as those of `units` are over ``[lr]``.

The bound of an epoch loop counts epochs; the length of a loader is batches per epoch; the count of an accumulation is
batches per update. So ``epochs * len(loader) // k`` counts updates, whatever it is called.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimeUnit:
    """A unit of time, or of one time in another.

    Attributes:
        epoch: its exponent of epochs, and so on. A sample is a part of a batch as a batch is one of an epoch.
    """

    epoch: int = 0
    batch: int = 0
    update: int = 0
    sample: int = 0
    process: int = 0

    def times(self, other: TimeUnit) -> TimeUnit:
        """The unit of a product."""
        return TimeUnit(
            self.epoch + other.epoch,
            self.batch + other.batch,
            self.update + other.update,
            self.sample + other.sample,
            self.process + other.process,
        )

    def over(self, other: TimeUnit) -> TimeUnit:
        """The unit of a quotient."""
        return self.times(TimeUnit(-other.epoch, -other.batch, -other.update, -other.sample, -other.process))

    @property
    def is_plain(self) -> bool:
        """Whether it is no unit of time at all."""
        return self == PLAIN


PLAIN = TimeUnit()
EPOCHS = TimeUnit(epoch=1)
BATCHES = TimeUnit(batch=1)
UPDATES = TimeUnit(update=1)
SAMPLES = TimeUnit(sample=1)
BATCHES_PER_EPOCH = TimeUnit(batch=1, epoch=-1)
SAMPLES_PER_EPOCH = TimeUnit(sample=1, epoch=-1)
SAMPLES_PER_BATCH = TimeUnit(sample=1, batch=-1)
BATCHES_PER_UPDATE = TimeUnit(batch=1, update=-1)
UPDATES_PER_EPOCH = TimeUnit(update=1, epoch=-1)
PROCESSES = TimeUnit(process=1)
# What one step of a scheduler is called: an epoch where the code says so.
EPOCH, STEP = "epoch", "step"
