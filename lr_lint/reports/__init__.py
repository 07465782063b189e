"""From the outcome of a run to text, for people and for programs. `formats` lists what can be asked for."""
