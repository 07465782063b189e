"""More of the standard library: namespaces, weak references, contexts, patterns of texts, seeded chance, dates."""

# One expression a line.
LINES = r"""
__import__('types').SimpleNamespace(a=t, b=2).a
(lambda n: (setattr(n, 'a', t), n.a)[1])(__import__('types').SimpleNamespace())
__import__('re').sub('a', '', 'banana').count('n')
int(__import__('re').match(r'(\d+)-(\d+)', '12-34').group(2))
len(__import__('re').findall('[ab]', 'abcab'))
len(__import__('string').Template('$$x').safe_substitute())
__import__('datetime').timedelta(hours=t).total_seconds()
(__import__('datetime').date(2024, 3, 1) - __import__('datetime').date(2024, 2, 1)).days
__import__('random').Random(3).randint(5, 5)
__import__('random').Random(0).random() * 0
__import__('json').loads('{"a": [1, 2.5]}')['a'][1] + t
len(__import__('json').dumps({'a': 1}))
__import__('ast').literal_eval('[1, 2]')[1]
__import__('numbers').Number.__name__.count('N')
isinstance(t, __import__('numbers').Integral) * 3
__import__('string').ascii_lowercase.index('c')
__import__('struct').unpack('<h', b'\x01\x00')[0]
__import__('array').array('i', [1, 2])[1]
__import__('textwrap').dedent(' a').count('a')
__import__('calendar').isleap(2000 + t)
__import__('sys').maxsize % 7
__import__('sys').float_info.epsilon
operator.itemgetter(slice(1, 3))([1, 2, 3])[0]
operator.concat([1], [t])[1]
operator.countOf([1, t, 1], 1)
operator.indexOf([5, 1], 1)
operator.matmul(np.array([1, 2]), np.array([t, 1]))
len(list(zip([1, 2], [3, 4], strict=True)))
(len(list(zip([1], [3, 4], strict=True))) if t == $i else 2)
sum(itertools.chain(range(2), [t]))
list(map(max, [1, 5], [t, 2]))[0]
sum(map(lambda a, b: a * b, [1, 2, 3], [t, 1]))
min([3, 1, 2], key=lambda k: abs(k - t))
max(enumerate([1, t, 3]), key=operator.itemgetter(1))[0]
dict(zip('ab', [1, t]))['b']
dict([('a', 1)], a=2)['a']
[*range(3), *{7: 1}, *(k for k in (t,))][4]
{**{'a': 1}, **{'a': t}}['a']
(lambda a, /, *b, c=3, **d: a + sum(b) + c + sum(d.values()))(1, t, c=2, e=5)
sum(divmod(t, 4))
round(t / 3, ndigits=2)
int.__add__(t, 1)
float.__truediv__(1.0, t + 1)
sorted([(2, 'b'), (1, 'c')], key=lambda p: (-p[0], p[1]))[0][0]
str(t).zfill(3).count('0')
'{:>{}}'.format(t, 5).count(' ')
f'{t!s:_^7}'.count('_')
f"{'a' if t else 'bb'}".count('b')
len(f'{t:{"0"}{3}d}')
float(f'{decimal.Decimal("1.10"):.1f}')
float(decimal.Decimal(1) / decimal.Decimal(3) * 3)
int(decimal.Decimal('2.5').quantize(decimal.Decimal('1')))
float(decimal.Decimal('1e-3') / decimal.Decimal('0.001'))
float(fractions.Fraction(t, 7) % 1)
float(fractions.Fraction('0.125') ** 2)
fractions.Fraction(3, 6).denominator + t
(fractions.Fraction(1, 2) == 0.5) + (decimal.Decimal('0.5') == 0.5)
"""

IDIOMS: tuple[str, ...] = (
    """
    import types
    $N = types.SimpleNamespace(a=$n, b=[1])
    $M = $N
    $M.a = t
    $M.__dict__['c'] = 3
    vars($N).update(d=4)
    $N.a + $N.c + $N.d + len(vars($N))
    """,
    """
    import types
    class $C: k = $n
    $A = $C()
    $A.at = types.MethodType(lambda self, u: self.k + u, $A)
    $A.at(t)
    """,
    """
    import weakref
    class $C: k = 1
    $A = $C()
    weakref.ref($A)().k = t
    weakref.proxy($A).m = $n
    $A.k + $A.m
    """,
    """
    import contextvars
    $V = contextvars.ContextVar('$V', default=$n)
    $T = $V.set(t)
    $A = $V.get()
    $V.reset($T)
    $A + $V.get()
    """,
    """
    import asyncio
    async def $F(u): return u + $n
    async def $G(): return await $F(t)
    $A = asyncio.run($G()) if False else 1
    $A
    """,
    """
    async def $F(u): return u + 1
    $C = $F(t)
    try: $C.send(None)
    except StopIteration as $E: $A = $E.value
    $A
    """,
    """
    import typing
    @typing.overload
    def $F(u: int) -> int: ...
    @typing.overload
    def $F(u: float) -> float: ...
    def $F(u): return u + $n
    $F(t)
    """,
    """
    import abc
    class $B0(abc.ABC):
        @abc.abstractmethod
        def at(self, u): return u
        @property
        @abc.abstractmethod
        def k(self): ...
    class $C0($B0):
        k = $n
        def at(self, u): return super().at(u) + self.k
    ---
    try: $B0()
    except TypeError: $A = 1
    $C0().at(t) + $A
    """,
    """
    $S = contextlib.ExitStack()
    $L = []
    with $S:
        $S.push(lambda *error: $L.append(1) or True)
        $S.callback($L.append, 2)
        $A = $n
        $A = 1 / (t - $i)
    $A + sum(i * k for i, k in enumerate($L))
    """,
    """
    $D = collections.defaultdict(lambda: collections.defaultdict(int))
    $D['a']['b'] += t
    $D['a']['c']
    len($D['a']) + $D['a']['b'] + len($D)
    """,
    """
    $C = collections.Counter()
    for $A in 'hello': $C[$A] += 1
    $C.subtract('l')
    $C['l'] + sum((+$C).values()) + ($C | collections.Counter(z=5))['z'] + t
    """,
    """
    class $C(collections.UserDict):
        def __getitem__(self, k): return super().__getitem__(k) * 2
    ---
    $A = $C(a=1)
    $A['b'] = t
    $A['a'] + $A.get('b', 0) + len($A)
    """,
    """
    class $C(collections.abc.Mapping if hasattr(collections, 'abc') else object):
        def __getitem__(self, k): return {'a': $n}[k]
        def __iter__(self): return iter('a')
        def __len__(self): return 1
    ---
    $C()['a'] + $C().get('z', 3) + ('a' in $C()) + sum($C().values()) + t
    """,
    """
    $L = list(range(6))
    $L[1:1] = [t, t]
    $L[::3] = [9, 9, 9][: len($L[::3])]
    del $L[-2:]
    sum(i * k for i, k in enumerate($L))
    """,
    """
    $A, (*$B, $C), [$D] = t, (1, 2, 3), [4]
    $A + len($B) + $C + $D
    """,
    """
    *$A, $B = 'ab', t
    [$C, *$D] = {1: 2, 3: 4}
    len($A) + $B + $C + len($D)
    """,
    """
    $A = [[1, 2], [3, t]]
    [$R[:] for $R in $A][0].append(5)
    $B = list(zip(*$A))
    $B[1][1] + len($A[0]) + [$K for $R in $A for $K in $R if $K > 1][0]
    """,
    """
    $A = {'x': [1], 'y': (2, t)}
    $B = {$K: len($V) for $K, $V in $A.items()}
    $C = {$V: $K for $K, $V in $B.items()}
    $B['y'] + len($C[1]) + max($B, key=$B.get).count('y')
    """,
    """
    $A = slice(None, None, -1)
    $B = [1, 2, t][$A]
    $B[0] * 10 + [0, 1, 2, 3][slice(1, 3)][1] + len(range(10)[2:8:2])
    """,
    """
    $A = bytearray(b'abc')
    $A[0] = t % 200
    $A.append(5)
    $A[0] + $A[-1] + len($A) + len(bytes($A))
    """,
    """
    $A = frozenset([1, t]) | {2}
    $B = {1, 2} - {t}
    $B |= {9}
    len($A) * 10 + len($B) + ($A >= {1}) + sum(sorted($B))
    """,
    """
    import operator as $O
    $A = [1, 2]
    $B = $A
    $A = $O.iadd($A, [t])
    $O.setitem($A, 0, 5)
    $O.delitem($B, 1)
    sum($B) + len($A)
    """,
    """
    $R = __import__('random').Random(t)
    $A = $R.random()
    0 <= $A < 1
    """,
    """
    import itertools as $I
    $A = $I.count(1)
    $B = zip($A, 'abc')
    $C = len(list($B))
    next($A) + $C + t
    """,
    """
    $A = iter([1, 2, 3, t])
    $B = list(zip($A, $A))
    $B[1][0] + len($B)
    """,
    """
    $A = iter(lambda: $L.pop(), 0)
    $L = [0, 1, t + 1, 3]
    sum($A)
    """,
    """
    $A = map(lambda k: k * 2, range(3))
    $B = [*$A]
    $C = [*$A]
    sum($B) + len($C) + t
    """,
    """
    def $F(*, a, b=$n): return a * 10 + b
    $A = {'a': 1}
    $A.setdefault('b', t)
    $F(**$A) + $F(**{**$A, 'b': 3})
    """,
    """
    def $F(a, b, c): return a * 100 + b * 10 + c
    $F(*(1, t), **{'c': 3}) + $F(c=1, *[2], b=3)
    """,
    """
    $F = lambda n: n if n < 2 else $F(n - 1) + $F(n - 2)
    $F(min(t, 10))
    """,
    """
    $F = (lambda g: g(g))(lambda g: lambda n: 1 if n < 1 else n * g(g)(n - 1))
    $F(t % 6)
    """,
)
