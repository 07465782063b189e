"""Iteration: generators, iterators that are used up, comprehensions, unpacking, slices, sets and dicts."""

# One expression a line.
LINES = r"""
len({1, 1.0, True, t})
len(frozenset([t, 1]) & {1, 2})
len({1, 2} ^ {t})
({1} < {1, t})
({1, 2} >= {t}) * 2
({1} == {True}) * 4
({1, t}.isdisjoint({t})) * 8
sum(sorted([3, $n, t], key=lambda u: -u)[:2])
sorted('ba')[0].count('a')
max([(t % 3, 1), (1, 5)], key=lambda p: p[0])[1]
min('abc', 'b', key=len).count('a')
sorted([(1, 'b'), (1, 'a'), (0, 'z')], reverse=$b)[0][0]
max([t, 3, 5], default=1)
min((), default=$n)
max(t, 2.0)
sum([[1], [t]], []).pop()
sum((k for k in (1, 2)), start=$n)
len(list(zip(range(3), 'ab')))
len(list(itertools.zip_longest('abc', 'a')))
sum(itertools.chain([t], (1, 2), range(2)))
sum(itertools.chain.from_iterable([[1], [t]]))
list(itertools.accumulate([1, t, $n]))[-1]
list(itertools.accumulate([1, 2, 3], operator.mul))[-1]
sum(itertools.islice(itertools.count(t, 2), 3))
next(itertools.islice(itertools.cycle([1, $n]), 3, None))
sum(itertools.takewhile(lambda k: k < t, [1, 3, 2, 9]))
sum(itertools.dropwhile(lambda k: k < 2, [1, 3, 1]))
sum(a * b for a, b in itertools.product([1, t], repeat=2))
len(list(itertools.combinations(range(4), 2)))
sum(k * len(list(g)) for k, g in itertools.groupby([1, 1, t, t, 1]))
sum(b - a for a, b in itertools.pairwise([1, t, $n]))
sum(itertools.repeat(t, 3))
sum(itertools.starmap(pow, [(2, 3), (t % 4, 2)]))
sum(itertools.compress([1, t, 4], [1, 0, $b]))
any(k > t for k in [1, 5, 1 / (t - $i) if t != $i else 0])
all([])
[j * 10 + k for j in range(3) for k in range(j) if (j + k) % 2 == t % 2][0]
((1, t) < (1, 3) or (t, 'a') == (3, 'a'))
range(2, 20, 3)[t % 4]
len(range(t, 0, -2))
(5 in range(2, 20, 3))
range(10).index(t % 10)
list(range(10))[slice(t % 3, None, 2)][-1]
tuple([1, t])[-1]
list('ab').index('b')
len(tuple(range(t % 3)))
(next(iter([])) if t == $i else next(iter([]), $n))
"""

IDIOMS: tuple[str, ...] = (
    """
    $A = iter([$n, $n, t])
    next($A)
    sum($A) + sum($A)
    """,
    """
    $A = zip([1, 2, 3], [t, $n])
    $B = sum(a * b for a, b in $A)
    $B + len(list($A))
    """,
    """
    $A = map(abs, [$n, -1, t])
    max($A) + sum($A)
    """,
    """
    $A = (k * $n for k in range(4))
    $B = 2 in $A
    $B + sum($A)
    """,
    """
    $A = enumerate([$n, t])
    $B = [i + v for i, v in $A] + [i for i, v in $A]
    len($B)
    """,
    """
    $A = filter(lambda u: u > $n, [t, 1, 5, $n])
    $B = list($A)
    len($B) + len(list($A))
    """,
    """
    $A = reversed([$n, t, $n])
    $B = next($A)
    $B + sum($A)
    """,
    """
    def $G(n):
        while n:
            yield n
            n -= 1
    ---
    $A = $G(t % 5)
    next($A, $n) + sum($A)
    """,
    """
    def $G():
        got = yield 1
        while True: got = yield (got or 0) * 2
    ---
    $A = $G()
    $B = next($A) + $A.send($e)
    $B
    """,
    """
    def $G():
        yield from range(t % 4)
        return $n
    def $H():
        $R = yield from $G()
        yield $R
    list($H())[-1]
    """,
    """
    def $G():
        yield 1
        return
        yield 2
    sum($G())
    """,
    """
    def $G():
        $L.append(1)
        yield 2
        $L.append(3)
    $L = []
    $A = $G()
    $B = len($L)
    next($A)
    $B + sum($L)
    """,
    """
    $L = [1, 2, 3]
    $A = (k for k in $L)
    $L.append(t)
    sum($A)
    """,
    """
    $L = [1, 2, 3, 4]
    for k in $L:
        if k == 2: $L.remove(k)
    sum($L)
    """,
    """
    $L = [1, 2]
    for k in $L:
        if len($L) < 6: $L.append(k + t)
    sum($L)
    """,
    """
    $L = [$n, $n, t]
    $M = $L
    $M += [1]
    $M = $M + [2]
    len($L) * len($M)
    """,
    """
    $L = [[0] * 2] * 3
    $L[0][1] = t
    sum(map(sum, $L))
    """,
    """
    $L = [1, 2, 3, 4, 5]
    $L[1:3] = [t]
    $L[::2] = [9] * len($L[::2])
    sum($L) + len($L)
    """,
    """
    $L = list(range(10))
    sum($L[$i::-1]) + sum($L[-$p:$p]) + sum($L[:$i:2])
    """,
    """
    $L = list(range(8))
    del $L[1:4]
    del $L[-1]
    sum($L)
    """,
    """
    a, *b, c = range(t % 5 + 2)
    a + sum(b) * c
    """,
    """
    (a, b), [c, *d] = (t, 1), 'xyz'
    a + b + len(d)
    """,
    """
    for a, (b, *c) in [(1, (2, 3)), (t, (4,))]: pass
    a + b + len(c)
    """,
    """
    [a, b] = sorted({t, 3} | {4})[:2]
    a - b
    """,
    """
    $D = {k: k * t for k in range(4) if k % 2}
    sum($D) + sum($D.values()) + len({**$D, 9: 1})
    """,
    """
    $D = dict(a=$n, b=t)
    $D2 = {**$D, 'a': 5}
    for k, v in $D.items(): $D2[k] += v
    $D2['a'] + $D2['b']
    """,
    """
    $D = {1: 'a', 1.0: 'b', True: 'c'}
    len($D) + len($D[1])
    """,
    """
    $D = {'b': 1, 'a': t}
    list($D.values())[0] - next(iter(reversed($D.values())))
    """,
    """
    $D = {0: $n}
    $D.setdefault(t % 2, []) if t % 2 == 0 else $D.setdefault(1, $n)
    $D[t % 2]
    """,
    """
    $D = {'x': {'y': t}}
    $D2 = $D.copy()
    $D3 = copy.deepcopy($D)
    $D2['x']['y'] += 1
    $D['x']['y'] * 10 + $D3['x']['y']
    """,
    """
    $D = {}
    $D.update([('a', t)], b=$n)
    $D |= {'c': 1}
    sum($D.values()) + len($D)
    """,
    """
    $D = {'a': 1, 'b': 2}
    $D.pop('a')
    $D['a'] = t
    list($D)[0] == 'b'
    """,
    """
    $D = {k: v for v, k in enumerate('abcab')}
    $D['a'] * t + len($D)
    """,
    """
    try:
        for k in ($D := {1: 1}): $D[k + 1] = 1
        $A = 1
    except RuntimeError:
        $A = 2
    $A
    """,
    """
    $S = {1, 2, t}
    $S.add(2)
    $S.discard($i)
    len($S) + sum($S) + (t in $S)
    """,
    """
    $A, $B = itertools.tee(iter([1, t, 3]))
    next($A)
    sum($A) + sum($B)
    """,
    """
    $A = any((k := q) > 2 for q in [1, t, 9])
    $A + k
    """,
    """
    [k for k in range(3)]
    k = $n
    [k for k in range(t % 3)]
    k
    """,
    """
    $A = [t, 1, 2]
    $A.index(1) + $A.count(t) + ($A == [t, 1, 2]) + ($A < [t, 2]) + (2 in $A)
    """,
    """
    $A = [$n] * (t % 3)
    $A and $A[0] or len($A)
    """,
    """
    def $G(n):
        if n == 0: raise ValueError
        yield n
    $A = $G(t % 2)
    try:
        $B = next($A)
    except ValueError:
        $B = 7
    $B
    """,
    """
    def $G():
        yield 1
    ---
    $A = $G()
    next($A)
    try:
        next($A)
    except StopIteration:
        $B = $n
    $B
    """,
    """
    $A = {k: [] for k in range(2)}
    $B = dict.fromkeys(range(2), [])
    $A[0].append(t)
    $B[0].append(t)
    len($A[1]) + len($B[1]) * 10
    """,
)
