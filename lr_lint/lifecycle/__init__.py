"""What happens to a scheduler and to its optimizer after their construction, and in which order.

`lives` is the way in. A `lives.Life` is that of one scheduler: ``life.scheduler`` and ``life.optimizer`` are trails
(`events.Trail`), ``trail.of(Happening.STEPPED)`` the events of a kind, ``life.made`` the construction, and
``life.order(first, second)`` says which of two events comes first where one way through the program leads to both;
``life.relations`` says besides what is around both and around each alone: loops that turn, conditions. Everything is
found when it is asked for, and once.

    for life in site.lives:
        for load in life.optimizer.of(Happening.STATE_LOADED) if life.optimizer else ():
            if life.order(load, life.made) is Order.BEFORE: ...

`events` are plain data about places. `following` takes an object through variables, attributes of ``self``, containers,
arguments, results and files, and notes what is done with it there; `whereabouts` say where in a value it is by then,
and `replacements` when a variable holds something else; `relatives` are the classes that share an attribute; `subjects`
say what is done to a scheduler or an optimizer by the calls that are given it, `named_members` where code reads
attributes by names that it has as texts, `written_rates` where it writes into the groups of an optimizer,
`saved_owners` where it writes what keeps the object to a file. `origins` goes back from the argument of the
construction to what made the optimizer, and `makers` say which calls give a new one. `callers` are the calls of a
function, `callees` the functions that a call enters, `evaluator` tells by running code what names do not tell. `routes`
are the ways to an event through its callers, `orders` compares two of them, and `alternatives` are conditions that
exclude one another.

What a trail does not show: ``trail.lost`` says why the object may be stepped elsewhere too, ``trail.shared`` that
several objects have one trail, ``event.loose`` that another object may be meant. An order that is not proved on all
ways that lead to both events is ``Order.UNKNOWN``.
"""
