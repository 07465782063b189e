"""What is known of libraries by name: one place for both sides, the interpreter and the probe.

How their functions behave is told in `lr_lint.semantics.libraries`, what their schedulers want in the contracts.
Nothing is imported here, so that the probe's child process may ask too.
"""

from __future__ import annotations

import re
import sys

# Modules of the standard library that a script's folder may hide from it: Python looks there first, and what every
# program with torch or NumPy imports cannot be hidden without breaking those.
_HIDEABLE = frozenset("chunk code imp pipes profile resource sched secrets trace".split())
# Libraries whose sources say nothing about a project's schedules.
LIBRARIES = frozenset(sys.stdlib_module_names) - _HIDEABLE | frozenset(
    "torch numpy scipy pandas matplotlib sklearn PIL cv2 tqdm yaml transformers torchvision torchaudio tensorflow "
    "keras jax flax optax lightning pytorch_lightning accelerate datasets wandb einops timm apex omegaconf "
    "hydra tf_keras paddle oneflow mindspore detectron2".split()
)
# Those whose functions depend on nothing but what they are given: what one of them does, the code itself decides.
PURE_LIBRARIES = frozenset(
    "builtins math cmath numpy operator functools itertools collections heapq bisect statistics fractions decimal "
    "numbers string copy enum dataclasses".split()
)
# Builtins that change nothing and raise nothing, whatever they are given.
HARMLESS_BUILTINS = frozenset("print isinstance issubclass hasattr type id callable object open input".split())
# Context managers of libraries that end no exception and change no number: where the first dots of their names lead.
HARMLESS_MANAGERS = ("torch.", "builtins.open", "threading.", "contextlib.nullcontext", "time.", "tqdm.", "tempfile.")
# Decorators of these and of the standard library that return the function, or one that calls it.
PASSING_DECORATORS = frozenset(
    "abc.abstractmethod atexit.register functools.wraps functools.update_wrapper numpy.errstate typing.final "
    "typing.no_type_check typing.overload typing.override typing.runtime_checkable warnings.deprecated".split()
)
# Those of them that change what they are given, or call it.
_CHANGING_MODULES = frozenset(
    "operator functools itertools threading multiprocessing concurrent asyncio contextlib weakref sched heapq bisect "
    "random ctypes gc inspect runpy timeit signal".split()
)
_CHANGING_BUILTINS = frozenset(
    "builtins.setattr builtins.delattr builtins.exec builtins.eval builtins.next builtins.map builtins.filter".split()
)
_BUILTINS = "builtins"

# Classes whose objects give the batches of an epoch, each of them once.
LOADERS = frozenset(
    "DataLoader StatefulDataLoader MultiEpochsDataLoader FastDataLoader PrefetchLoader NeighborLoader".split()
)
# Data made of arrays, each of which has a row for each sample (torch 2.13.0).
OF_ARRAYS = frozenset({"TensorDataset"})
# Functions and classes whose result is gone through as what they are given is: item by item, perhaps with a number.
GOING_OVER = frozenset(
    "enumerate iter list reversed tqdm tqdm_notebook auto_tqdm track progress_bar progress prefetch log_every alive_it "
    "ProgressBar Progbar MpDeviceLoader ParallelLoader per_device_loader data_prefetcher DataPrefetcher".split()
)


def may_change_arguments(name: str) -> bool:
    """Whether a function that somebody imports may change what it is given, or call it.

    Args:
        name: its dotted name.
    """
    package = name.partition(".")[0]
    if package == _BUILTINS:
        # A method that is called on its class is given the object.
        return name in _CHANGING_BUILTINS or name.count(".") > 1
    return package in _CHANGING_MODULES or package not in LIBRARIES or writes_into_arguments(name)


def writes_into_arguments(name: str) -> bool:
    """Whether a function changes its first argument in place.

    Args:
        name: its dotted name, or the end of it.
    """
    owner, _, last = name.rpartition(".")
    return last in WRITING_FUNCTIONS or (last == _UFUNC_WRITE and "." in owner)


def output_position(name: str) -> int | None:
    """At which place among its arguments a function of NumPy is given what it writes into; None for any other.

    Args:
        name: its dotted name, by which it is imported or spelled: ``numpy.add``, ``np.add``.
    """
    owner, _, last = name.rpartition(".")
    return _COMPUTED_WITH.get(last) if owner in _NUMPY else None


def makes_of_arguments(name: str) -> bool:
    """Whether what a function gives is made of what it is given alone, so that no name in it is evidence.

    Args:
        name: its dotted name.
    """
    return name.partition(".")[0] in _CHANGING_MODULES | {"collections", "types", "copy", "pickle", "dataclasses"}


# Packages whose classes bring a model or a trainer along; a slice asks nothing of them that a stand-in does not give.
TRAINERS = frozenset("pytorch_lightning lightning pl transformers fastai ignite mmcv mmengine composer".split())

# What a torch.nn.Module gives of itself (torch 2.13.0, https://docs.pytorch.org/docs/stable/generated/torch.nn.Module).
MODULE_PARTS = frozenset({"parameters", "named_parameters", "modules", "named_modules", "children", "named_children"})
# Of those and of what wrappers call theirs: the parameters.
PARAMETER_METHODS = frozenset({"parameters", "named_parameters", "trainable_params"})
MODEL_PARTS = MODULE_PARTS | PARAMETER_METHODS
# The class of arrays: other libraries' arrays have methods of the same names.
ARRAYS = "numpy.ndarray"
# What a torch.optim.lr_scheduler.LRScheduler calls the rates that it set last.
CURRENT_RATES = "get_last_lr"
# Methods of models that give the very object back.
FLUENT_METHODS = frozenset("to cuda cpu train eval half float double bfloat16 requires_grad_ share_memory".split())
# Methods that give one like the object: a copy, or the object itself under a name that others use for something else.
COPYING_METHODS = frozenset({"type", "compile", "clone", "detach"})
# Methods of the builtin containers, and of objects, that change what they are called on.
CONTAINER_METHODS = frozenset(
    "update append extend insert pop popitem setdefault clear remove discard add sort reverse __setitem__ __delitem__ "
    "__setattr__".split()
)
# All methods that do: those of queues, arrays and optimizers too.
CHANGING_METHODS = CONTAINER_METHODS | frozenset(
    "appendleft popleft rotate fill put itemset resize __delattr__ load_state_dict".split()
)
# Functions and methods of libraries whose results may share their items with what they are given, or are called on.
VIEWING = frozenset(
    "asarray asanyarray ascontiguousarray as_tensor from_numpy frombuffer memoryview ravel reshape view squeeze "
    "transpose swapaxes atleast_1d atleast_2d broadcast_to expand_dims unsqueeze nditer detach numpy".split()
)
# The attributes of arrays and tensors that do.
VIEWING_ATTRIBUTES = frozenset({"T", "mT", "flat", "data", "real", "imag"})
# Methods that give what they are called on, parts of it or copies, and change nothing.
READING_METHODS = (
    MODEL_PARTS
    | VIEWING
    | FLUENT_METHODS
    | COPYING_METHODS
    | frozenset(
        "get items values keys copy count index item tolist state_dict to_dict todict toDict to_container "
        "zero_grad step parse_args parse_known_args get_last_lr format join split rsplit strip lower upper startswith "
        "endswith replace encode decode read readline readlines".split()
    )
)
# Functions of libraries that change their first argument in place, as they are called last.
WRITING_FUNCTIONS = frozenset(
    "setitem delitem setattr delattr iadd isub imul itruediv insort insort_left insort_right heappush heappop heapify "
    "heapreplace heappushpop shuffle put place putmask copyto fill_diagonal put_along_axis".split()
)
# Functions of NumPy that write into the argument after those that they compute with, by how many these are
# (numpy 2.4, https://numpy.org/doc/stable/reference/ufuncs.html#available-ufuncs; `clip` takes three).
_COMPUTED_WITH = {
    **dict.fromkeys(
        "sqrt exp expm1 log log2 log10 log1p square cbrt reciprocal negative positive abs absolute fabs floor ceil "
        "trunc rint sin cos tan tanh".split(),
        1,
    ),
    **dict.fromkeys(
        "add subtract multiply divide true_divide floor_divide power float_power pow mod remainder fmod maximum "
        "minimum fmax fmin hypot".split(),
        2,
    ),
    "clip": 3,
}
# What NumPy goes by where it is imported whole.
_NUMPY = frozenset({"np", "numpy"})
# The method of NumPy's ufuncs that does: ``np.add.at(table, places, numbers)``.
_UFUNC_WRITE = "at"
# All that may change what they are given, those that keep it among them.
CHANGING_FUNCTIONS = WRITING_FUNCTIONS | {"object", "ref", "proxy"}

# Classes and functions that stand for the model that they are given first.
MODEL_WRAPPERS = frozenset(
    {
        "torch.nn.DataParallel",
        "torch.nn.parallel.DataParallel",
        "torch.nn.parallel.DistributedDataParallel",
        "torch.distributed.fsdp.FullyShardedDataParallel",
        "torch.nn.SyncBatchNorm.convert_sync_batchnorm",
        "torch.compile",
    }
)
# What those are called where they are imported, the usual abbreviations included.
WRAPPER_NAMES = frozenset(name.rpartition(".")[2] for name in MODEL_WRAPPERS) | {"DDP", "FSDP"}

# The default rates in the signatures of torch.optim (torch 2.13.0,
# https://docs.pytorch.org/docs/stable/optim.html#algorithms).
DEFAULT_RATES: dict[str, float] = {
    "ASGD": 1e-2,
    "Adadelta": 1.0,
    "Adafactor": 1e-2,
    "Adagrad": 1e-2,
    "Adam": 1e-3,
    "AdamW": 1e-3,
    "Adamax": 2e-3,
    "LBFGS": 1.0,
    "Muon": 1e-3,
    "NAdam": 2e-3,
    "RAdam": 1e-3,
    "RMSprop": 1e-2,
    "Rprop": 1e-2,
    "SGD": 1e-3,
    "SparseAdam": 1e-3,
}
# Where those are, and the bases of what sets rates.
OPTIMIZER_PACKAGE = "torch.optim"
SCHEDULE_BASES = frozenset({"LRScheduler", "_LRScheduler", "Optimizer"})
# Schedulers of torch.optim that note the rate of each group as the one to start from, and those that set another
# (torch 2.13.0, https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate).
NOTING_SCHEDULERS = frozenset(
    f"torch.optim.lr_scheduler.{name}"
    for name in "StepLR MultiStepLR ExponentialLR CosineAnnealingLR CosineAnnealingWarmRestarts LinearLR ConstantLR "
    "PolynomialLR".split()
)
SETTING_SCHEDULERS = frozenset(f"torch.optim.lr_scheduler.{name}" for name in ("OneCycleLR", "CyclicLR"))
# By which attribute a scheduler of torch knows that it is its own step that asks for the next rates, and is not amiss
# (torch 2.13.0, `LRScheduler.get_lr`).
ASKED_WITHIN_STEP = "_get_lr_called_within_step"
# What a scheduler of torch keeps for itself (torch 2.13.0, `LRScheduler.__init__`, `LambdaLR.__init__`).
SCHEDULER_STATE = frozenset({"optimizer", "base_lrs", "last_epoch", "lr_lambdas", "_step_count", "_last_lr"})
# What looks like the replacement of a part of these, of a builtin, or of a variable of the script that runs.
PATCH = re.compile(
    rb"\b(?:lr_scheduler|torch\.optim|optim|LambdaLR|MultiplicativeLR|_?LRScheduler)(?:\.\w+)*\.\w+\s*=(?!=)"
    rb"|\bsetattr\(\s*(?:torch\.|optim|lr_scheduler|LambdaLR|MultiplicativeLR)|\bbuiltins\.(?!print\b)\w+\s*=(?!=)"
    rb"|\b__main__\.\w+\s*=(?!=)|\bsetattr\(\s*__main__\b"
)
# What optimizers call the rate that they start from, torch's first.
RATE_ARGUMENTS = ("lr", "learning_rate")
# Attributes of trainers that are true where the optimizer is stepped, and not in between.
SYNCHRONISED = frozenset({"sync_gradients"})
# What tells that a scaler of gradients has left an update out, as it does now and then
# (torch 2.13.0, https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler;
# accelerate 1.15.0, https://huggingface.co/docs/accelerate/package_reference/accelerator).
SKIPPED_UPDATES = frozenset({"get_scale", "optimizer_step_was_skipped", "step_was_skipped"})
# Context managers of trainers that let the optimizer be stepped every so many batches only.
ACCUMULATING = frozenset({"accumulate"})
# Methods of trainers and accelerators that give what they are given back, each in its place, wrapped.
PREPARING = frozenset({"prepare", "setup", "prepare_data_loader", "setup_dataloaders", "setup_optimizers"})
# What trainers of libraries are called, wherever they are imported from. What they step, and when, is theirs to say.
TRAINER_CLASSES = frozenset({"Trainer", "Seq2SeqTrainer"})
# How one of them is given a scheduler.
TRAINER_PAIR = "optimizers"
# What else steps a scheduler that it is given: what is called, the package that it is from, the keyword; where there is
# a method that attaches it, only once that is called
# (pytorch-ignite 0.5, https://pytorch.org/ignite/generated/ignite.handlers.param_scheduler.LRScheduler.html;
# composer 0.32, https://docs.mosaicml.com/projects/composer/en/stable/trainer/schedulers.html;
# catalyst 22.4, https://catalyst-team.github.io/catalyst/_modules/catalyst/callbacks/scheduler.html).
SCHEDULER_TAKERS: dict[str, tuple[str, str, str]] = {
    "LRScheduler": ("ignite", "lr_scheduler", "add_event_handler"),
    "Trainer": ("composer", "schedulers", ""),
    "train": ("catalyst", "scheduler", ""),
}
# The methods by which classes that derive from one make the scheduler that it steps.
TRAINER_HOOKS = frozenset({"create_scheduler", "create_optimizer_and_scheduler"})
# The method in which a module of Lightning makes its schedulers, the entry of what it returns that has one, those that
# take over when they are stepped, and what says that the module steps its optimizers itself
# (lightning 2.6.6, https://lightning.ai/docs/pytorch/stable/common/lightning_module.html#configure-optimizers).
CONFIGURING = "configure_optimizers"
SCHEDULER_ENTRY = "lr_scheduler"
# What that may hold: the scheduler, and how often it is stepped.
SCHEDULER, INTERVAL = "scheduler", "interval"
# How long a trainer trains, in updates and in epochs
# (lightning 2.6.6, https://lightning.ai/docs/pytorch/stable/common/trainer.html).
LENGTHS = ("estimated_stepping_batches", "max_epochs")
STEPPING_HOOKS = frozenset({"lr_scheduler_step", "optimizer_step"})
BY_HAND = "automatic_optimization"
# What those modules derive from, and how they ask for the schedulers and the optimizers that they have made.
MODULE_CLASSES = frozenset({"LightningModule"})
MODULE_SCHEDULERS, MODULE_OPTIMIZERS = "lr_schedulers", "optimizers"
# The methods that move a scheduler, that of timm's with updates among them, and the argument that says which of its two
# methods moves one (timm 1.0, https://huggingface.co/docs/timm/reference/schedulers).
STEP, STEP_OF_UPDATES, IN_EPOCHS = "step", "step_update", "t_in_epochs"
# The methods that compute gradients, of a loss and of trainers.
BACKWARD = frozenset({"backward", "manual_backward"})
# Functions that are given a scheduler and give an engine first, whose `step` steps both the optimizer and the scheduler
# (deepspeed 0.19, https://deepspeed.readthedocs.io/en/latest/initialize.html).
ENGINE_MAKERS = frozenset({"deepspeed.initialize"})
# Where in their results they give the optimizer and the scheduler back.
ENGINE_OPTIMIZER, ENGINE_SCHEDULER = 1, 3
# Functions that give the model and the optimizer back, wrapped
# (apex 0.1, https://nvidia.github.io/apex/amp.html; intel-extension-for-pytorch 2.5, API documentation).
PAIRS_GIVEN_BACK = frozenset({"amp.initialize", "apex.amp.initialize", "ipex.optimize"})
# Functions that write the very object that they are given to a file, or to bytes
# (torch 2.13.0, https://docs.pytorch.org/docs/stable/generated/torch.save.html; Python's pickle and its kin).
SAVERS = frozenset(
    "torch.save pickle.dump pickle.dumps dill.dump dill.dumps cloudpickle.dump cloudpickle.dumps joblib.dump".split()
)
# The packages of those that save a function by its name, unless they are given another pickler to do it by.
PICKLING_PACKAGES, OTHER_PICKLER = frozenset({"torch", "pickle"}), "pickle_module"
