"""Classes: attributes, properties, special methods, order of bases, dataclasses, enums."""

# One expression a line.
LINES = r"""
isinstance(t, (int, str))
isinstance(True, int) * 2
isinstance($e, float) * 4
issubclass(bool, int) * 8
callable(len)
callable(3)
hasattr(t, 'real')
(type(t) is int)
(type($e) == float)
"""

IDIOMS: tuple[str, ...] = (
    """
    class $C:
        k = $n
        def __init__(self, a): self.a = a
        def m(self, u): return self.a * self.k + u
    ---
    $A = $C(t)
    $A.k += 1
    $A.m($e) + $C.k
    """,
    """
    class $C:
        k = []
        def add(self, u): self.k.append(u); return len(self.k)
    ---
    $C.k.clear()
    $A, $B = $C(), $C()
    $A.add(t)
    $B.add(1)
    """,
    """
    class $C:
        def __init__(self): self._v = $n
        @property
        def v(self): return self._v
        @v.setter
        def v(self, new): self._v = new / 2
        @v.deleter
        def v(self): self._v = -1
    ---
    $A = $C()
    $A.v = t
    $A.v += 3
    if $b: del $A.v
    $A.v
    """,
    """
    class $C:
        @property
        def v(self): return 1
    ---
    try:
        $C().v = t
        $A = 1
    except AttributeError:
        $A = 2
    $A
    """,
    """
    class $C:
        def __init__(self, a): self.a = a
        @classmethod
        def of(cls, u): return cls(u + 1)
        @staticmethod
        def twice(u): return u * 2
    class $D($C): k = $n
    ---
    $A = $D.of(t)
    $A.twice($A.a) + $A.k + isinstance($A, $C)
    """,
    """
    class $A0:
        def m(self): return 1
    class $B0($A0):
        def m(self): return super().m() + 10
    class $C0($A0):
        def m(self): return super().m() * 3
    class $D0($B0, $C0):
        def m(self): return super().m() + t0
    t0 = $n
    ---
    $D0().m() + len($D0.__mro__)
    """,
    """
    class $B0:
        def __init__(self, a=$n): self.a = a; self.setup()
        def setup(self): self.b = self.a
    class $C0($B0):
        def __init__(self, u):
            self.c = u
            super().__init__(u + 1)
        def setup(self): self.b = self.c * 2
    ---
    $C0(t).b
    """,
    """
    class $C:
        def __len__(self): return self.n
        def __init__(self, n): self.n = n
    ---
    (1 if $C(t % 2) else 2) + len($C(3)) + (not $C(0))
    """,
    """
    class $C:
        def __bool__(self): return self.yes
        def __len__(self): return 0
        yes = True
    ---
    $n if $C() else $n
    """,
    """
    class $C:
        def __init__(self, v): self.v = v
        def __eq__(self, other): return self.v % 3 == other.v % 3
        def __hash__(self): return hash(self.v % 3)
    ---
    ($C(t) == $C(3)) + len({$C(1), $C(4), $C(t)}) + ($C(t) != $C(1)) * 10 + ($C(t) in [$C(2)]) * 100
    """,
    """
    class $C:
        def __init__(self, v): self.v = v
        def __lt__(self, other): return self.v > other.v
    ---
    min([$C(1), $C(t), $C(3)]).v + sorted([$C(2), $C(t)])[0].v + ($C(1) > $C(t))
    """,
    """
    @functools.total_ordering
    class $C:
        def __init__(self, v): self.v = v
        def __eq__(self, other): return self.v == other.v
        def __lt__(self, other): return self.v < other.v
    ---
    ($C(t) >= $C(3)) + max($C(t), $C(4)).v
    """,
    """
    class $C:
        def __getitem__(self, k):
            if k > 3: raise IndexError
            return k * t0
        def __contains__(self, k): return k == 2
    t0 = 2
    ---
    $C()[1] + sum($C()) + (t in $C())
    """,
    """
    class $C:
        def __iter__(self): yield 1; yield self.k
        k = $n
        def __call__(self, u): return u
    ---
    $A = $C()
    $A.k = t
    sum($A) + $A(3) + len(list($A))
    """,
    """
    class $C:
        def __init__(self): self.n = 0
        def __iter__(self): return self
        def __next__(self):
            self.n += 1
            if self.n > 3: raise StopIteration
            return self.n
    ---
    $A = $C()
    sum($A) * 10 + sum($A) + t
    """,
    """
    class $C:
        a = 1
        def __getattr__(self, name): return len(name)
    ---
    $C().a + $C().abc + getattr($C(), 'xy', $n) + hasattr($C(), 'q')
    """,
    """
    class $C:
        def __getattribute__(self, name): return 5
    ---
    $C().a + t
    """,
    """
    class $C:
        def __setattr__(self, name, value): object.__setattr__(self, name, value * 2)
    ---
    $A = $C()
    $A.x = t
    $A.x
    """,
    """
    class $C:
        def __init__(self, v): self.v = v
        def __add__(self, o): return $C(self.v + getattr(o, 'v', o))
        __radd__ = __add__
        def __mul__(self, o): return $C(self.v * o)
        def __rmul__(self, o): return $C(self.v * o + 1)
        def __neg__(self): return $C(-self.v)
        def __float__(self): return float(self.v)
        def __int__(self): return 3
        def __index__(self): return 1
        def __abs__(self): return 4
        def __round__(self, n=0): return 6
    ---
    float($C(t) + 1 + $C(2)) + (2 * $C(t)).v + (-$C(1)).v + int($C(1)) + [0, 5][$C(0)] + abs($C(1)) + round($C(2))
    """,
    """
    class $C:
        def __iadd__(self, o): self.v = o; return self
        def __truediv__(self, o): return 8
        def __rtruediv__(self, o): return o * 2
        def __pow__(self, o): return 9
        def __matmul__(self, o): return 11
        def __getattr__(self, name): raise AttributeError(name)
    ---
    $A = $C()
    $A += t
    $A.v + $A / 2 + 3 / $A + $A ** 2 + ($A @ 1) + hasattr($A, 'nothing')
    """,
    """
    class $C(float):
        def __new__(cls, v): return super().__new__(cls, v * 2)
        def half(self): return self / 4
    ---
    $C(t) + $C(1).half()
    """,
    """
    class $C(int):
        def __add__(self, other): return 7
    ---
    $C(1) + t
    """,
    """
    class $C(dict):
        def __missing__(self, key): return key * 2
    ---
    $C({1: 5})[t] + $C(a=1)['a'] + len($C())
    """,
    """
    class $C(list):
        def total(self): return sum(self) + len(self)
    ---
    $A = $C([1, t])
    $A.append(3)
    $A.total() + $A[-1]
    """,
    """
    class $C:
        n = 0
        def __new__(cls, *a):
            self = super().__new__(cls)
            self.made = 5
            return self
        def __init__(self, a): self.a = a
    ---
    $C(t).made + $C(1).a
    """,
    """
    class $C:
        __slots__ = ('a',)
    ---
    $A = $C()
    $A.a = t
    try:
        $A.b = 1
        $B = 1
    except AttributeError:
        $B = 2
    $A.a + $B
    """,
    """
    class $M:
        def __set_name__(self, owner, name): self.name = '_' + name
        def __get__(self, obj, owner): return getattr(obj, self.name, $n)
        def __set__(self, obj, value): setattr(obj, self.name, value * 2)
    class $C:
        v = $M()
    ---
    $A = $C()
    $B = $A.v
    $A.v = t
    $A.v + $B
    """,
    """
    class $C:
        def __init_subclass__(cls, k=1): cls.k = k
    class $D($C, k=$n): pass
    ---
    $D.k + t
    """,
    """
    class $M(type):
        def __call__(cls, *a): return 4
        k = 3
    class $C(metaclass=$M): pass
    ---
    $C() + $C.k
    """,
    """
    @dataclasses.dataclass
    class $C:
        a: float
        b: float = $n
        c: list = dataclasses.field(default_factory=list)
        d: float = dataclasses.field(init=False, default=2)
        def __post_init__(self): self.e = self.a + self.b
    ---
    $A, $B = $C(t), $C(1, 2)
    $A.c.append(1)
    $A.e + len($B.c) + $A.d + ($C(1) == $C(1)) + dataclasses.replace($B, a=5).e
    """,
    """
    @dataclasses.dataclass(frozen=True, order=True)
    class $C:
        a: int
        b: int = 0
    ---
    try:
        $A = $C(t)
        $A.a = 3
    except dataclasses.FrozenInstanceError:
        $B = 1
    $B + ($C(t) < $C(3)) + len({$C(1), $C(1)}) + max($C(1), $C(t)).a
    """,
    """
    @dataclasses.dataclass
    class $B0:
        x: int = 1
        y: int = 2
    @dataclasses.dataclass
    class $C($B0):
        z: int = 3
        x: int = 10
        k: dataclasses.KW_ONLY = None
        def total(self): return self.x + self.y * 10 + self.z * 100
    ---
    $C(t).total() + $C(y=t, z=1).total() + sum(dataclasses.astuple($B0())) + dataclasses.asdict($B0())['y']
    """,
    """
    @dataclasses.dataclass
    class $C:
        a: float = dataclasses.field(default=$n, kw_only=True)
        b: dataclasses.InitVar[float] = 1
        n: typing.ClassVar[int] = 5
        def __post_init__(self, b): self.c = b * 2
    ---
    $C(t).c + $C(a=2).a + $C.n
    """,
    """
    class $C(enum.Enum):
        A = 1
        B = $p
        C = A + 2
        @property
        def twice(self): return self.value * 2
    ---
    $C.A.value + $C['B'].twice + len($C) + ($C(1) is $C.A) + sum(c.value for c in $C) + len($C.C.name)
    """,
    """
    class $C(enum.IntEnum):
        A = enum.auto()
        B = enum.auto()
        C = 7
    ---
    $C.A + $C.B * t + ($C.C > 3) + [0, 5, 6][$C.A] + max($C)
    """,
    """
    class $C(enum.Flag):
        A = enum.auto()
        B = enum.auto()
        C = enum.auto()
    ---
    ($C.A | $C.C).value + ($C.A in ($C.A | $C.B)) + bool($C.A & $C.B)
    """,
    """
    class $C(enum.Enum):
        A = 0
        B = 1
    ---
    (1 if $C.A else 2) + ($C.A == 0) + ($C.B.value == 1) + (list($C)[0] is $C.A)
    """,
    """
    class $C(str, enum.Enum):
        A = 'a'
        B = 'bb'
    ---
    ($C.A == 'a') + len($C.B) + ($C('bb') is $C.B)
    """,
    """
    class $C: pass
    $A = $C()
    $A.x = $n
    setattr($A, 'y', t)
    vars($A)['z'] = 3
    $A.x + $A.y + $A.z + len($A.__dict__)
    """,
    """
    class $C:
        def f(self): return 1
    def $G(self): return t0
    t0 = $n
    $C.f = $G
    ---
    $C().f()
    """,
    """
    class $C:
        def f(self): return 1
    ---
    $A = $C()
    $A.f = lambda: t
    $A.f() + $C().f()
    """,
    """
    class $C:
        k = 1
        def f(self):
            self.k += 1
            return self.k
    ---
    $A = $C()
    $A.f() + $A.f() * 10 + $C.k
    """,
    """
    class $C:
        total = 0
        def __init__(self): $C.total += 1
    ---
    $C.total = 0
    $C(), $C()
    $C.total + t
    """,
    """
    class $C:
        @functools.cached_property
        def v(self):
            self.n = getattr(self, 'n', 0) + 1
            return self.n
    ---
    $A = $C()
    $A.v + $A.v + $A.n
    """,
    """
    class $C:
        for k in range(3): v = k
        if v > 1: w = $n
        else: w = 0
        f = lambda self, u: u + self.w
        def g(self, h=w): return h
        z = [w for _ in range(1)][0] if False else 2
    ---
    $C().f(t) + $C().g() + $C.z + $C.v
    """,
    """
    class $C:
        __k = $n
        def get(self): return self.__k
    class $D($C):
        __k = 100
    ---
    $D().get() + $D()._$D__k if False else $D().get()
    """,
    """
    class $C:
        def __class_getitem__(cls, k): return k + 1
        def __format__(self, spec): return spec * 2
        def __str__(self): return 'abc'
        def __repr__(self): return 'abcd'
    ---
    $C[t] + len(f'{$C():x}') + len(str($C())) + len(repr([$C()]))
    """,
    """
    $N = collections.namedtuple('$N', 'a b', defaults=[$n])
    $A = $N(t)
    $B = $A._replace(a=3)
    $A.a + $B.a + $A[1] + len($A) + $B._asdict()['a'] + ($A == (t, $A.b))
    """,
    """
    class $N(typing.NamedTuple):
        a: float
        b: float = $n
        def total(self): return self.a + self.b
    ---
    $N(t).total() + $N(*[1, 2]).b
    """,
    """
    $T = type('$T', (), {'k': $n, 'f': lambda self, u: u + self.k})
    ---
    $T().f(t)
    """,
)
