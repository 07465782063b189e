"""From a scheduler to the rates that it sets, and from the rates to a verdict."""
