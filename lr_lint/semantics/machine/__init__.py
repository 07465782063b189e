"""The machine: what expressions, statements, calls and conditions do to values.

==================================================== ================================================================
`expressions`, `statements`                          evaluating and running, and who declares how
`literals`, `references`, `operators`, `displays`,   kinds of expressions
`call_expressions`
`simple_statements`, `control_flow`, `exceptions`,   kinds of statements
`context_managers`, `declarations`
`targets`, `conditions`, `arithmetic`,               assigning, comparing, computing, going over items, raising
`array_numbers`, `rounding`, `time_marks`,           matching
`special_methods`, `iteration`, `raising`,
`patterns`
`calls`, `decorators`, `generators`, `side_effects`  running functions: for what they give, or for what they change
`class_members`, `methods`, `fields`,                classes and objects of the code under check
`dataclass_fields`, `constructors`, `objects`,
`made_objects`, `symbolic`, `receivers`
`library_members`, `flags`, `imported`, `beside`     what libraries and other files have by a name
`implementations`                                    what a method gives where all classes of the project agree
`frames`, `slices`, `dead_ends`, `interruptions`,    the frame around a node: what runs before it
`lookups`
`settling`, `forgetting`, `doubts`, `identity`       before something changes; when nobody knows what it is now; when
                                                     code that was not followed may have changed it, or an object that
                                                     may be the same one
`recording`                                          what a callable does in detail
`interpreter`                                        all of it, plugged into a world
==================================================== ================================================================
"""
