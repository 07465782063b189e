"""What libraries do: builtins, numbers, containers, command lines, settings, optimizers."""
