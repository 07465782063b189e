"""Functions: parameters, closures, decorators, memoised functions, what functions keep."""

LINES = ""

IDIOMS: tuple[str, ...] = (
    """
    def $F(a, b=$n, *rest, c=$n, **more): return a + b * c + len(rest) + sum(more.values())
    ---
    $A = $F(t, *[$n, $n][: t % 3], c=$e, **{'d': 1})
    $A
    """,
    """
    def $F(a, /, b, *, c=$n): return a - b + c
    $F($e, b=$n, **({'c': 1} if $b else {}))
    """,
    """
    def $F(a, b=[]):
        b.append(a)
        return len(b)
    $F(1) + $F(2)
    """,
    """
    $A = $n
    def $F(a, b=$A): return a + b
    $A = $n
    $F(t)
    """,
    """
    $K = 2
    def $F(a, b=$K): return a * b
    $K = 5
    ---
    $F(t) + $K
    """,
    """
    $L = [lambda u: u * k for k in range(3)]
    sum(f($n) for f in $L)
    """,
    """
    $L = [lambda u, k=k: u * k for k in range(3)]
    sum(f($n) for f in $L)
    """,
    """
    def $F():
        total = $n
        def add(u):
            nonlocal total
            total += u
            return total
        return add
    $A = $F()
    $B = $A($e) + $A(1)
    $B + $F()(0)
    """,
    """
    $G = $n
    def $S(u):
        global $G
        $G = u
        return $G
    ---
    $S($e)
    $G
    """,
    """
    def $F(u): return u * $F.k
    $F.k = $n
    ---
    $F(t)
    """,
    """
    def $F(u): return u * getattr($F, 'k', 3)
    ---
    if $b: $F.k = 2
    else: $F.__dict__.pop('k', None)
    $F(t)
    """,
    """
    @functools.cache
    def $F(u): return u * $n if u < 2 else $F(u - 1) + $F(u - 2)
    ---
    $F(min(t, 9))
    """,
    """
    $L = []
    @functools.lru_cache(maxsize=None)
    def $F(u):
        $L.append(u)
        return u
    ---
    $L.clear()
    $F.cache_clear()
    $A = $F(1) + $F(1) + $F(1.0) + $F(True)
    $A + len($L)
    """,
    """
    def $D(f): return lambda u: f(u) + $n
    @$D
    @$D
    def $F(u): return u * 2
    ---
    $F($e)
    """,
    """
    def $D(k):
        def wrap(f):
            @functools.wraps(f)
            def inner(*a, **b): return f(*a, **b) * k
            return inner
        return wrap
    @$D($n)
    @$D(2)
    def $F(u, v=1): return u + v
    ---
    $F(t, v=$e)
    """,
    """
    class $D:
        def __init__(self, f): self.f, self.calls = f, 0
        def __call__(self, *a):
            self.calls += 1
            return self.f(*a)
    ---
    @$D
    def $F(u): return u + 1
    $A = $F($e) + $F(1)
    $A * $F.calls
    """,
    """
    def $D(f):
        f.factor = $n
        return f
    @$D
    def $F(u): return u * $F.factor
    ---
    $F(t)
    """,
    """
    def $D(f): return $n
    @$D
    def $F(u): return u
    ---
    $F
    """,
    """
    @functools.singledispatch
    def $F(u): return 1
    @$F.register
    def _(u: int): return 2
    @$F.register(float)
    def _(u): return 3
    ---
    $F($e) + $F('a')
    """,
    """
    $F = functools.partial(lambda a, b, c=3: a - b * c, $n, c=$n)
    $F(t)
    """,
    """
    $F = functools.partial(pow, 2)
    $F(t % 7)
    """,
    """
    $F = functools.reduce(lambda f, g: lambda u: g(f(u)), [lambda u: u + 1, lambda u: u * 2, abs])
    $F($e)
    """,
    """
    def $F(n): return 1 if n <= 1 else n * $F(n - 1)
    ---
    $F(t % 8)
    """,
    """
    def $F(n): return n == 0 or $G(n - 1)
    def $G(n): return n != 0 and $F(n - 1)
    ---
    $F(t % 9) + 0
    """,
    """
    $T = {0: lambda: $n, 1: lambda: $e}
    $T.get(t % 3, lambda: -1)()
    """,
    """
    def $F(a, b): return a - b
    $F(**dict(zip('ba', [t, $n])))
    """,
    """
    def $F(*a): return len(a)
    $F(*range(t % 5), *{1: 2}, *'ab')
    """,
    """
    def $F(a, b): return a
    try:
        $A = $F(1) if $b else $F(1, 2, 3)
    except TypeError:
        $A = $n
    $A
    """,
    """
    def $F(x=$n):
        def inner(): return x
        x = x + 1
        return inner()
    $F() + $F($e)
    """,
    """
    $F = lambda *a, k=$n, **m: sum(a) + k + len(m)
    $F(t, $n, j=1) + $F(k=2)
    """,
    """
    $L = [$n, $n, $n]
    def $F(a, *b): return a - len(b)
    $A, *$B = $L
    ($F(*$L) + $A) * len($B)
    """,
    """
    def $F(u):
        def $F(u): return u + 1
        return $F(u) * 2
    $F(t)
    """,
    """
    def $F(u, seen={}):
        if u in seen: return seen[u]
        seen[u] = len(seen)
        return seen[u]
    ---
    $F(1) + $F(1)
    """,
    """
    def $F():
        $A = 1
        class K:
            $A = 2
            def get(self): return $A
            B = [$A for _ in range(2)]
        return K().get() + K.B[0] + K.$A
    $F()
    """,
    """
    def $F(a, b=$n): return a + b
    $F.__defaults__ = ($n,)
    ---
    $F(t)
    """,
    """
    $F = operator.itemgetter(1, 0)
    $A, $B = $F([t, $n])
    $A - $B
    """,
    """
    $F = operator.attrgetter('real')
    $F($e) + operator.methodcaller('bit_length')(t)
    """,
    """
    $F = functools.cmp_to_key(lambda a, b: b - a)
    sorted([t, 3, $i], key=$F)[0]
    """,
    """
    def $F(u): return u
    $F.__call__($e) + $F.__name__.count('F')
    """,
    """
    exec('$K = 1')
    def $F(): return eval('t + 1', {'t': 2})
    ---
    $F()
    """,
    """
    $A = 3
    $F = lambda: $A
    $A = $e
    $F()
    """,
    """
    def $F():
        return $G
    $G = $n
    ---
    $F() if $b else 0
    """,
)
