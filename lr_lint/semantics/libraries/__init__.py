"""What libraries do. Each function is declared in the file of its library, by its signature.

To add a function, write its handler below the decorator ``signatures.function``, whose text is the signature as the
library's documentation has it; nothing else names it. A new file is added to the modules of `catalogue`.

============================== ====================================================================================
`signatures`                   the decorator, and how arguments are bound
`catalogue`                    finding a function by its name, a method by what it is called on
`numeric`                      Python's numbers: the builtins that compute, ``math``, ``bisect``
`containers`, `dicts`          making lists, sets and dicts, going over them, and their methods
`strings`, `types`, `builtins` texts; classes and what is asked of them; what else is a builtin
`iterators`                    making iterators and using them up, ``itertools``
`plain_functions`              functions of plain data, which CPython computes
`operator_functions`           operators as functions
`importing`                    modules that functions import
`array_functions`, `arrays`    NumPy, PyTorch and modules that have the same functions
`tables`                       arrays that these make of a few numbers
`argparse`, `click`, `absl`    command lines
`argument_lists`               command lines that the code writes itself
`settings_objects`, `files`    namespaces and dataclasses; settings files and the environment
`paths`                        names of files
`torch_optimizers`, `keras`    what lr optimizers start from
`keras_fits`                   what Keras trains a model with: callbacks, schedules of optimizers, epochs
`own_optimizers`               whether an optimizer of the code under check starts from the lr that it is given
`rate_sources`                 where ``[lr]`` enters
============================== ====================================================================================
"""
