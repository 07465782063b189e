"""The standard library's containers and tools."""

# One expression a line.
LINES = r"""
bisect.bisect([3, 6, 9], t, key=lambda u: u * 2)
bisect.bisect_left([3, 2, 1], -t, key=lambda u: -u)
operator.add(t, 1)
operator.mul(t, 2)
operator.truediv(t, 4)
operator.neg(t)
operator.floordiv(t, 3)
operator.pow(t, 2)
operator.mod(t, 3)
operator.lt(t, 3)
operator.contains([1, t], 1)
operator.not_(t)
functools.reduce(operator.mul, range(1, t % 6 + 1), 1)
functools.reduce(lambda a, b: a - b, [t, 1, 2])
functools.reduce(max, [1, t, 3])
functools.reduce(lambda a, k: a + [k], range(3), [])[-1]
collections.Counter([1, 1, t]).most_common()[0][1]
collections.Counter(a=3)['a']
len(list(collections.Counter(a=2).elements()))
math.floor(statistics.fmean([t, 2]))
statistics.variance([1, 2, t + 3])
statistics.quantiles([1, 2, 3, t])[0]
(lambda: (yield))().__class__.__name__.count('g')
globals().get('nothing_here', 5)
('t' in locals())
len(vars(math)) * 0
__import__('math').sqrt(t)
__builtins__.__class__.__name__.count('z')
sum(map(operator.mul, [1, 2], [t, 3]))
sum(map(pow, [2, 3], [2, 2]))
sum(map(len, ['a', 'bc']))
sorted([t, 1.5, True, -2])[t % 4]
sorted([2, 1], key=None)[0]
sorted({3: 1, 1: 2})[0]
slice(1, t, 2).indices(10)[1]
memoryview(b'abc')[0]
len(memoryview(b'ab'))
(...is Ellipsis)
"""

IDIOMS: tuple[str, ...] = (
    """
    $C = collections.Counter('abca')
    $C.update('aa')
    $C['a'] + $C['zz'] + $C.most_common(1)[0][1] + sum($C.values()) + ($C - collections.Counter('a'))['a'] + t
    """,
    """
    $D = collections.defaultdict(int)
    $D['a'] += t
    $D['b']
    $D['a'] + len($D) + ('c' in $D) + $D.get('q', 5)
    """,
    """
    $D = collections.defaultdict(list, {1: [t]})
    $D[1].append(2)
    $D[2].append(3)
    sum($D[1]) + len($D[2]) + len($D)
    """,
    """
    $D = collections.defaultdict(lambda: $n)
    $D[t] + len($D)
    """,
    """
    $Q = collections.deque([1, 2, t], maxlen=3)
    $Q.append(4)
    $Q.appendleft(5)
    $Q.rotate(1)
    $Q[0] + $Q.pop() + len($Q) + sum($Q)
    """,
    """
    $D = collections.OrderedDict(a=1, b=t)
    $D.move_to_end('a')
    list($D.values())[-1] + $D.popitem(last=False)[1]
    """,
    """
    $D = collections.ChainMap({'a': t}, {'a': 1, 'b': $n})
    $D['b'] = 3
    $D['a'] + $D['b'] + len($D) + $D.maps[1]['a'] + len($D.new_child().maps)
    """,
    """
    $H = [5, 1, t]
    heapq.heapify($H)
    heapq.heappush($H, 3)
    heapq.heappop($H) + sum(heapq.nlargest(2, $H)) + heapq.nsmallest(1, [t, 4])[0]
    """,
    """
    $L = [1, 3, 5]
    bisect.insort($L, t)
    bisect.bisect_left($L, 3) + bisect.bisect($L, 3) + $L[1] + bisect.bisect_right([1, 2], t, lo=1)
    """,
    """
    $P = functools.partial(int, base=2)
    $P('101') + functools.partial(max, 3)(t) + functools.partial(round, ndigits=1)(t / 3)
    """,
    """
    $L = [3, 1, 2]
    $M = sorted($L)
    $L.sort(key=lambda k: (k % 2, k))
    $L[0] * 100 + $M[0] * 10 + t
    """,
    """
    $A = copy.copy([1, [t]])
    $B = copy.deepcopy($A)
    $A[1].append(3)
    len($A[1]) * 10 + len($B[1])
    """,
    """
    $S = itertools.count()
    next($S) + next($S) + t
    """,
    """
    types_ = {int: 1, float: 2, bool: 3}
    types_[type($e)] if type($e) in types_ else 4
    """,
    """
    $L = [t, 2, 3]
    $I = $L.__iter__()
    $I.__next__() + $L.__len__() + $L.__getitem__(1) + (5).__add__(t) + $L.__contains__(2)
    """,
    """
    with contextlib.nullcontext($n) as $A: pass
    with contextlib.closing(type('c', (), {'close': lambda s: None})()) as $B: pass
    $A
    """,
    """
    @contextlib.contextmanager
    def $M():
        yield $n
    ---
    with $M() as $A, $M() as $B: $A += t
    $A + $B
    """,
)
