"""Control flow: handlers, loops, jumps, matching, context managers."""

LINES = ""

IDIOMS: tuple[str, ...] = (
    """
    try:
        $A = $e
        raise $x
    except $x:
        $A = $n
    except Exception as $E:
        $A = $n
    finally:
        $B = $e
    $A + $B
    """,
    """
    def $F(u):
        try:
            return u / (t - $i)
        except ZeroDivisionError:
            return $n
        finally:
            $L.append(u)
    $L = []
    $A = $F($e)
    $A + len($L)
    """,
    """
    def $F(u):
        try:
            return u
        finally:
            return $n
    $F($e)
    """,
    """
    def $F(u):
        for k in range(4):
            try:
                if k == u % 3: break
                continue
            finally:
                u += 1
        else:
            u += 100
        return u
    $F(t)
    """,
    """
    try:
        assert $b
        $A = $n
    except AssertionError:
        $A = $e
    $A
    """,
    """
    try:
        try:
            raise $x
        except $x:
            raise ValueError from None
        finally:
            $A = 1
    except ValueError:
        $A = 2
    except Exception:
        $A = 3
    $A
    """,
    """
    class $E(ValueError): pass
    class $F($E): pass
    ---
    try:
        raise ($E if $b else $F)($n)
    except $F:
        $A = 1
    except (KeyError, ValueError) as error:
        $A = error.args[0]
    $A
    """,
    """
    $A = $B = 0
    $S = False
    for k in range(6):
        if $S: break
        $A += k
        $S = $A > $i
    else:
        $B = 10
    $A + $B
    """,
    """
    $A, $B = 0, t
    while True:
        $A += 1
        $B //= 2
        if $B <= $i or $A > 9: break
    $A
    """,
    """
    $A = 0
    while $A < 5:
        $A += 1
        if $A == $p: continue
        if $A * t > 20: break
    else:
        $A = -$A
    $A
    """,
    """
    $A = $e
    match t:
        case 0 | 3: $A = $n
        case int(k) if k > $p: $A = k
        case 5: $A = -1
        case _: $A = $n
    $A
    """,
    """
    match (t, t % 3):
        case (0, k): $A = k
        case (k, 0): $A = k * 2
        case (k, 1) if $b: $A = $n
        case [first, *rest]: $A = first + len(rest)
    $A
    """,
    """
    match {'k': t % 4, 'm': $n}:
        case {'k': 0}: $A = 1
        case {'k': 1, **rest}: $A = len(rest)
        case {'k': k, 'm': m} if k > 2: $A = k
        case {}: $A = 7
    $A
    """,
    """
    @dataclasses.dataclass
    class $P:
        x: float
        y: float = $n
    ---
    match $P(t % 3):
        case $P(x=0): $A = $n
        case $P(1, k): $A = k
        case $P(): $A = 3
    $A
    """,
    """
    match $e:
        case True: $A = 1
        case None: $A = 2
        case bool(): $A = 3
        case float(k): $A = k
        case int() | str(): $A = 5
        case _: $A = 6
    $A
    """,
    """
    match [t, $n, $n][: t % 4]:
        case []: $A = 0
        case [k]: $A = k
        case [k, m] if k < m: $A = m
        case [*_, last]: $A = last
    $A
    """,
    """
    match ('warm' if t < $p else 'cold'):
        case 'warm' as k: $A = len(k)
        case str(): $A = $n
    $A
    """,
    """
    class $C(enum.Enum):
        LOW = 1
        HIGH = 2
    ---
    match ($C.LOW if $b else $C.HIGH):
        case $C.LOW: $A = $n
        case $C.HIGH: $A = $n
    $A
    """,
    """
    $A = $n
    with contextlib.suppress($x, $x):
        $A = $e
        $A = $n / (t - $i)
    $A
    """,
    """
    class $M:
        def __enter__(self): return $n
        def __exit__(self, kind, error, trace): return $b if 't' in dir() else kind is ZeroDivisionError
    ---
    $A = 1
    with $M() as k:
        $A = k
        $A = 1 / (t - $i)
    $A
    """,
    """
    class $M:
        def __init__(self): self.log = []
        def __enter__(self): self.log.append(1); return self
        def __exit__(self, *error): self.log.append(2); return error[0] is not None and issubclass(error[0], ValueError)
    ---
    $A = $M()
    with $A as k:
        k.log.append(3)
        if t == $i: raise ValueError
        k.log.append(4)
    sum($A.log)
    """,
    """
    @contextlib.contextmanager
    def $M(k):
        $L.append(k)
        try:
            yield k * 2
        except ZeroDivisionError:
            $L.append(k + 1)
        finally:
            $L.append(7)
    $L = []
    ---
    $L.clear()
    with $M($n) as $A:
        1 / (t - $i)
        $L.append(100)
    sum($L)
    """,
    """
    $L = []
    with contextlib.ExitStack() as $S:
        $S.callback($L.append, 3)
        $S.enter_context(contextlib.suppress(ZeroDivisionError))
        $L.append(1 / (t - $i))
    sum($L)
    """,
    """
    $A = $n
    if ($B := $e) and $B > $n: $A = $B
    elif not $B: $A = -1
    $A
    """,
    """
    $L = []
    for $A in range(3):
        for $B in range(3):
            if $B > $A: break
            $L.append($A * $B)
        else:
            $L.append(100)
    sum($L)
    """,
    """
    for $A in []: pass
    else: $B = $n
    $B
    """,
    """
    for $A in range(t): pass
    $A
    """,
    """
    try:
        del $A
    except NameError:
        $B = 1
    $A = 1
    $B
    """,
    """
    $A = $e
    $B = $n
    del $A
    $B
    """,
    """
    try:
        raise ExceptionGroup('g', [ValueError(1), KeyError(2)])
    except* ValueError as $E:
        $A = len($E.exceptions)
    except* KeyError:
        $A = 5
    $A
    """,
    """
    def $F(u):
        with contextlib.suppress(ZeroDivisionError):
            return 1 / u
        return $n
    $F(t - $i)
    """,
    """
    def $F():
        try:
            yield 1
            yield 1 / (t - $i)
        except ZeroDivisionError:
            yield 5
        finally:
            yield 7
    sum($F())
    """,
    """
    try:
        $A = [$n, $n][t]
    except IndexError as error:
        $A = len(str(error)) * 0 + 3
    else:
        $A += 1
    $A
    """,
    """
    try:
        $A = {'a': 1}['b' if $b else 'a']
    except LookupError:
        $A = $n
    $A
    """,
    """
    try:
        $A = int('x' * (t % 2) + '1')
    except ValueError:
        $A = $n
    $A
    """,
    """
    def $F(u):
        if u > 3: raise RuntimeError(u)
        return u
    try:
        $A = $F(t) + $F(t + 1)
    except RuntimeError as error:
        $A = error.args[0] * 2
    $A
    """,
)
