"""The words of the problem: diagnostics, units, quantities, contracts. Standard library only."""
