"""Callables with memory: what they give depends on how often they were called before."""

LINES = ""

IDIOMS: tuple[str, ...] = (
    """
    $N = 0
    ---
    global $N
    $N += 1
    $N
    """,
    """
    $L = []
    ---
    $L.append(t)
    len($L)
    """,
    """
    $L = [$n, $n, 3, 4, 5, 6]
    ---
    $L.pop() if $L else -1
    """,
    """
    $D = {'n': 0}
    ---
    $D['n'] += t
    $D['n']
    """,
    """
    $D = {}
    ---
    $D[t] = 1
    len($D)
    """,
    """
    class $C:
        def __init__(self): self.n = 0
        def __call__(self, u):
            self.n += 1
            return u * self.n
    $A = $C()
    ---
    $A(t)
    """,
    """
    class $C:
        n = $n
        def __call__(self, u):
            self.n = self.n * 0.5
            return self.n
    $A = $C()
    ---
    $A(t)
    """,
    """
    class $C:
        n = 0
        @classmethod
        def next(cls):
            cls.n += 1
            return cls.n
    ---
    $C.next()
    """,
    """
    def $F():
        n = 0
        def inner(u):
            nonlocal n
            n += 1
            return n + u
        return inner
    $A = $F()
    ---
    $A(t)
    """,
    """
    $I = iter(range(1000))
    ---
    next($I)
    """,
    """
    $I = itertools.count($i)
    ---
    next($I, 3)
    """,
    """
    $I = itertools.cycle([1, 2, 3])
    ---
    next($I)
    """,
    """
    def $G():
        k = 1.0
        while True:
            yield k
            k *= 0.9
    $I = $G()
    ---
    next($I)
    """,
    """
    $I = (k * k for k in range(500))
    ---
    next($I)
    """,
    """
    def $F(u, seen=[]):
        seen.append(u)
        return len(seen)
    ---
    $F(t)
    """,
    """
    def $F(u):
        $F.n = getattr($F, 'n', 0) + 1
        return $F.n
    ---
    $F(t)
    """,
    """
    def $F(u):
        $F.n += 1
        return $F.n
    $F.n = 0
    ---
    $F(t)
    """,
    """
    $L = []
    @functools.cache
    def $F(u):
        $L.append(u)
        return len($L)
    ---
    $F(t // 2)
    """,
    """
    $S = set()
    ---
    $S.add(t // 3)
    len($S)
    """,
    """
    $C = collections.Counter()
    ---
    $C[t % 2] += 1
    $C[0]
    """,
    """
    $Q = collections.deque([1, 2, 3], maxlen=3)
    ---
    $Q.append(t)
    sum($Q)
    """,
    """
    $A = np.zeros(3)
    ---
    $A[t % 3] += 1
    $A.sum()
    """,
    """
    $L = [1, 2, 3]
    ---
    $L[0], $L[1], $L[2] = $L[1], $L[2], $L[0]
    $L[0]
    """,
    """
    $L = [3, 1, 2]
    ---
    $L.reverse()
    $L[0]
    """,
    """
    $B = {'best': 5}
    ---
    if t > $p: $B['best'] = min($B['best'], 10 - t)
    $B['best']
    """,
    """
    $X = 1.0
    ---
    global $X
    if t == 4: $X = 0.5
    $X
    """,
    """
    $X = [1.0]
    ---
    if t >= $p: $X[0] = 0.5
    $X[0]
    """,
    """
    class $C:
        def __init__(self): self.last = None
        def __call__(self, u):
            step = 0 if self.last is None else u - self.last
            self.last = u
            return step
    $A = $C()
    ---
    $A(t)
    """,
    """
    class $C:
        def __init__(self): self._n = 0
        @property
        def n(self):
            self._n += 1
            return self._n
    $A = $C()
    ---
    $A.n
    """,
    """
    class $C:
        seen = []
    ---
    setattr($C, 'k', getattr($C, 'k', 0) + 1)
    $C.k
    """,
    """
    $H = [5, 7, 9]
    ---
    heapq.heappush($H, t)
    heapq.heappop($H)
    """,
    """
    $M = {}
    def $F(u):
        if u not in $M: $M[u] = u * 2
        return $M[u]
    ---
    $F(t)
    """,
    """
    $L = list(range(5))
    ---
    $L.sort(reverse=$b)
    $L[0]
    """,
    """
    $K = {'a': 1}
    ---
    $K.update(a=$e)
    $K['a']
    """,
)
