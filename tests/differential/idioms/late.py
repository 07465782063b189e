"""What is changed after the callable is made: rebound names, objects that it holds, functions, defaults, classes."""

LINES = ""

# What stands behind a line ``+++`` goes after the callable.
IDIOMS: tuple[str, ...] = (
    """
    $K = $n
    ---
    $K * t
    +++
    $K = $n
    """,
    """
    $K = {'a': $n}
    ---
    $K['a'] + t
    +++
    $M = $K
    $M['a'] = $n
    """,
    """
    $K = {'a': $n, 'b': 1}
    ---
    $K['a'] + len($K)
    +++
    $K.update(a=$n)
    del $K['b']
    """,
    """
    $K = {'a': {'b': $n}}
    $M = $K['a']
    ---
    $M['b'] + t
    +++
    $K['a'] = {'b': 100}
    """,
    """
    $L = [$n, $n]
    ---
    $L[t % 2] + len($L)
    +++
    for $M in (1, 2): $L.append($M)
    $L[0], $L[1] = $L[1], $L[0]
    """,
    """
    $L = [$n, 2]
    $M = $L
    ---
    $M[0] + len($M)
    +++
    $L = $L + [3]
    $L[0] = 100
    """,
    """
    $L = [$n, 2]
    $M = $L
    ---
    $M[0] + len($M)
    +++
    $L += [3]
    $L[0] = 100
    """,
    """
    class $C:
        def __init__(self): self.k = $n
    $A = $C()
    ---
    $A.k + t
    +++
    def $S(it, value): it.k = value
    $S($A, $n)
    """,
    """
    class $C:
        def __init__(self, k): self.k = k
        def at(self, u): return self.k * u
    $A = $C($n)
    $F = $A.at
    ---
    $F(t)
    +++
    $A.k = $n
    $A = $C(100)
    """,
    """
    class $C:
        k = $n
    $A = $C()
    ---
    $A.k + t
    +++
    $C.k = $n
    """,
    """
    class $C:
        k = $n
    $A = $C()
    ---
    $A.k + t
    +++
    $A.k = $n
    del $A.k
    $C.k += 1
    """,
    """
    class $C:
        def at(self, u): return u
    $A = $C()
    ---
    $A.at(t)
    +++
    $C.at = lambda self, u: u + $n
    """,
    """
    class $C:
        def at(self, u): return u
    $A = $C()
    ---
    $A.at(t)
    +++
    $A.at = lambda u: u + $n
    """,
    """
    class $C:
        def __init__(self): self._k = 1
        @property
        def k(self): return self._k
        @k.setter
        def k(self, value): self._k = value * 2
    $A = $C()
    ---
    $A.k + t
    +++
    $B = $A
    $B.k = $n
    """,
    """
    class $C:
        k = 1
        def twice(self): return self.k * 2
    class $D($C): pass
    $A = $D()
    ---
    $A.twice() + t
    +++
    class $E: k = $n
    $A.__class__ = type('$E', ($E, $C), {})
    """,
    """
    class $C:
        k = $n
    ---
    $C.k + t
    +++
    class $C:
        k = $n
    """,
    """
    def $F(u): return u + 1
    ---
    $F(t)
    +++
    def $F(u): return u + $n
    """,
    """
    def $F(u): return u + 1
    $G = $F
    ---
    $G(t)
    +++
    def $F(u): return u + 100
    """,
    """
    def $F(u, k=$n): return u + k
    ---
    $F(t)
    +++
    $F.__defaults__ = (7,)
    """,
    """
    def $F(u, k=[$n]): return u + k[0]
    ---
    $F(t)
    +++
    $F.__defaults__[0][0] = 7
    """,
    """
    def $F(u, k={}): return u + k.get('a', 1)
    ---
    $F(t)
    +++
    def $G(k={}):
        k['a'] = 100
        return k
    $G()
    """,
    """
    def $F(u, *, k=$n): return u + k
    ---
    $F(t)
    +++
    $F.__kwdefaults__['k'] = 9
    """,
    """
    def $F(u): return u + 1
    ---
    $F(t)
    +++
    def $G(u): return u + $n
    $F.__code__ = $G.__code__
    """,
    """
    $X = 1
    def $S():
        global $X
        $X = $n
    ---
    $X + t
    +++
    $S()
    """,
    """
    def $M(k):
        def get(): return k
        def put(value):
            nonlocal k
            k = value
        return get, put
    $G, $P = $M($n)
    ---
    $G() + t
    +++
    $P($n)
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    globals()['$X'] = $n
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    globals().update($X=$n)
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    exec('$X = 5')
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    for $X in range(3): pass
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    with contextlib.nullcontext($n) as $X: pass
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    try:
        $X = 2
        raise ValueError
        $X = 3
    except ValueError:
        $X += 10
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    if ($X := $n) > 2: $X += 1
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    del $X
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    match [1, $n]:
        case [1, $X]: pass
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    [$X := $Y for $Y in range(4)]
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    [$X for $X in range(4)]
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    import math as $X
    $X = $X.floor(2.5)
    """,
    """
    $X = 1
    ---
    $X + t
    +++
    def $S($X): $X = 100
    $S(1)
    class $C: $X = 50
    """,
    """
    $I = iter(range(10, 500))
    ---
    next($I, -1)
    +++
    next($I)
    """,
    """
    $I = [k for k in range(5)]
    $J = iter($I)
    ---
    next($J, -1)
    +++
    $I.append(100)
    $I[0] = 7
    """,
    """
    $N = types_ = dict(a=1)
    ---
    $N['a'] + t
    +++
    types_ |= {'a': $n}
    """,
    """
    @dataclasses.dataclass
    class $C:
        k: float = 1
        m: list = dataclasses.field(default_factory=list)
    $A = $C()
    $B = dataclasses.replace($A)
    ---
    $B.k + len($B.m)
    +++
    $A.k = 100
    $A.m.append(1)
    """,
    """
    $A = [1, [2, $n]]
    $B, $D = copy.copy($A), copy.deepcopy($A)
    ---
    $B[0] + $B[1][0] * 10 + $D[1][0] * 100
    +++
    $A[0] = 5
    $A[1][0] = 7
    """,
    """
    $A = np.array([1.0, 2.0, 3.0])
    $B = $A[1:]
    $D = $A * 1
    ---
    $B[0] + $D[0]
    +++
    $A += $n
    $A[1] = 7
    """,
    """
    @functools.cache
    def $F(u): return u + $K
    $K = 1
    $F(1)
    ---
    $F(t)
    +++
    $K = 100
    """,
    """
    $F = functools.partial(lambda k, u: k[0] + u, [$n])
    ---
    $F(t)
    +++
    $F.args[0][0] = 7
    """,
    """
    $L = [$n]
    $F = $L.append
    ---
    $L[-1] + t
    +++
    $F(7)
    """,
    """
    $D = {'f': lambda u: u}
    $F = $D['f']
    ---
    $F(t) + $D['f'](1)
    +++
    $D['f'] = lambda u: u + 100
    """,
    """
    class $R:
        def __init__(self): self.steps = []
        def add(self, k):
            self.steps.append(k)
            return self
    $A = $R()
    ---
    sum($A.steps) + t
    +++
    $A.add(1).add($n)
    """,
    """
    class $C:
        made = []
        def __init__(self): $C.made.append(self); self.k = 1
    $A = $C()
    ---
    $A.k + t
    +++
    for $B in $C.made: $B.k = $n
    """,
    """
    class $C:
        made = None
        def __new__(cls):
            if cls.made is None: cls.made = super().__new__(cls)
            return cls.made
    $A = $C()
    $A.k = $n
    ---
    $A.k + t
    +++
    $B = $C()
    $B.k = $n
    """,
    """
    class $C: k = 1
    @functools.cache
    def $G(): return $C()
    $A = $G()
    ---
    $A.k + t
    +++
    $G().k = $n
    """,
    """
    class $C: k = 1
    $D = {}
    def $G(name):
        if name not in $D: $D[name] = $C()
        return $D[name]
    $A = $G('a')
    ---
    $A.k + t
    +++
    $G('a').k = $n
    """,
    """
    $A = []
    $A.append($A)
    ---
    len($A[0][0]) + t
    +++
    $A.append(1)
    """,
)
