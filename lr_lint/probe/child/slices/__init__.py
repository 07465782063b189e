"""What the programs of slices meet while they run.

`runner` runs them, and observes what they construct. `programs` is what is done to the text of each before it runs, and
`helper` the one name that it calls. What a slice leaves out is supplied: values (`unknowns`), models (`stand_ins`, with
`own_methods` of their classes), parameters by themselves (`parameters`), command lines (`command_lines`), packages that
are not installed (`missing`). `sizes` takes back what rests on the size of a count that was made up, `supposed_rates`
what rests on that of a rate. `harmless` keeps all of it from changing anything outside the process.
"""
