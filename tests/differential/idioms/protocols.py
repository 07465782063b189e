"""What objects do when they are asked: attributes, descriptors, hooks of classes, rarer special methods."""

# One expression a line.
LINES = r"""
type('K', (), {'k': $n})().k
type('K', (int,), {'twice': lambda self: self * 2})(t).twice()
(lambda o: (setattr(o, 'k', t), o.k)[1])(type('K', (), {})())
operator.attrgetter('a.b')(type('K', (), {'a': type('M', (), {'b': $n})})) + t
operator.index(True) + operator.iadd(1, t)
"""

IDIOMS: tuple[str, ...] = (
    """
    class $D:
        def __init__(self, k): self.k = k
        def __get__(self, it, owner): return self.k if it is None else self.k * it.m
    class $C:
        v = $D($n)
        def __init__(self, m): self.m = m
    ---
    $C(t).v + $C.v
    """,
    """
    class $D:
        def __get__(self, it, owner): return 5
        def __set__(self, it, value): it.__dict__['v'] = value
    class $E:
        def __get__(self, it, owner): return 7
    class $C:
        v = $D()
        w = $E()
    ---
    $A = $C()
    $A.v = t
    $A.__dict__['w'] = t
    $A.v * 100 + $A.w + $A.__dict__['v']
    """,
    """
    class $C:
        def __getattribute__(self, name):
            if name == 'a': return 3
            return object.__getattribute__(self, name)
        def __getattr__(self, name): return len(name)
        def __init__(self): self.a, self.b = 1, $n
    ---
    $C().a + $C().b + $C().cc + t
    """,
    """
    class $C:
        def __setattr__(self, name, value):
            super().__setattr__('_' + name, value)
        def __delattr__(self, name): super().__setattr__('_k', -1)
        k = $n
    ---
    $A = $C()
    $A.k = t
    $B = $A._k + $A.k
    del $A.k
    $B + $A._k
    """,
    """
    class $C:
        k = $n
        def __dir__(self): return ['a', 'b']
    ---
    $A = $C()
    $A.k = t
    $B = $A.k
    del $A.k
    try: del $A.k
    except AttributeError: $B += 10
    $B + $A.k
    """,
    """
    class $M(type):
        def __getattr__(cls, name): return len(name)
        def __len__(cls): return 4
        def __iter__(cls): return iter([1, 2])
        def __contains__(cls, k): return k == 5
        def __getitem__(cls, k): return k * 2
    class $C(metaclass=$M): a = $n
    ---
    $C.a + $C.bb + len($C) + sum($C) + (t in $C) + $C[t]
    """,
    """
    class $M(type):
        def __new__(m, name, bases, space, k=1):
            space['made'] = k
            return super().__new__(m, name, bases, space)
        def __init__(cls, name, bases, space, k=1): super().__init__(name, bases, space)
    class $C(metaclass=$M, k=$n): pass
    class $D($C): pass
    ---
    $C.made + $D.made * 10 + t
    """,
    """
    class $M(type):
        def __instancecheck__(cls, it): return it == 3
        def __subclasscheck__(cls, other): return True
    class $C(metaclass=$M): pass
    ---
    isinstance(t, $C) + issubclass(int, $C) * 2
    """,
    """
    class $B0:
        made = []
        def __init_subclass__(cls, **more):
            super().__init_subclass__()
            $B0.made.append(cls.__name__)
    class $C0($B0): pass
    class $D0($C0): k = $n
    ---
    len($B0.made) + $D0.k + t
    """,
    """
    class $C:
        def __divmod__(self, o): return (7, o)
        def __floordiv__(self, o): return NotImplemented
        def __rfloordiv__(self, o): return o + 1
        def __mod__(self, o): return 5
        def __lshift__(self, o): return o * 3
        def __and__(self, o): return 2
        def __invert__(self): return 9
        def __pos__(self): return 4
        def __trunc__(self): return 6
        def __ceil__(self): return 8
    ---
    divmod($C(), t)[1] + $C() % 2 + ($C() << t) + ($C() & 1) + ~$C() + +$C() + math.ceil($C()) + t // $C()
    """,
    """
    class $C:
        def __init__(self, v): self.v = v
        def __eq__(self, o): return NotImplemented
        def __lt__(self, o): return NotImplemented
        def __gt__(self, o): return 5
        __hash__ = None
    ---
    ($C(1) == $C(1)) + ($C(1) < $C(2)) * 2 + ($C(1) != 1)
    """,
    """
    class $A0:
        def __radd__(self, o): return 1
        def __add__(self, o): return 2
    class $B0($A0):
        def __radd__(self, o): return 3
    ---
    ($A0() + $B0()) * 100 + ($A0() + $A0()) * 10 + (t + $A0())
    """,
    """
    class $C:
        def __reversed__(self): return iter([$n, 2])
        def __length_hint__(self): return 3
        def __len__(self): return 2
        def __getitem__(self, k): return (k.start or 5) if isinstance(k, slice) else 1
    ---
    next(reversed($C())) + $C()[t:] + len($C())
    """,
    """
    class $C:
        def __init__(self): self.log = []
        def __getitem__(self, k): self.log.append(k); return self.log[-1]
        def __setitem__(self, k, v): self.log.append(v)
        def __delitem__(self, k): self.log.append(k)
    ---
    $A = $C()
    $A[1] = t
    $A[2] += 3
    del $A[4]
    sum($A.log)
    """,
    """
    class $C:
        def __call__(self, u): return u + 1
        at = __call__
    ---
    $A = $C()
    $A.__call__ = lambda u: 100
    $A(t) + $A.at(1)
    """,
    """
    class $C:
        def __enter__(self): return self
        def __exit__(self, *error): return True
    ---
    $A = $C()
    $A.__enter__ = lambda: None
    $B = 1
    with $A as $D:
        $B = 1 / (t - $i)
        $B = 3 if $D is $A else 4
    $B
    """,
    """
    class $C(contextlib.ContextDecorator):
        def __enter__(self): $L.append(1)
        def __exit__(self, *error): $L.append(2); return True
    $L = []
    @$C()
    def $F(u): $L.append(u); return 1 / (u - $i)
    ---
    $L.clear()
    $A = $F(t)
    sum($L) + (0 if $A is None else $A)
    """,
    """
    @contextlib.contextmanager
    def $M(k):
        $L.append(k)
        yield
        $L.append(k * 2)
    $L = []
    @$M($p)
    def $F(u): return len($L) + u
    ---
    $L.clear()
    $F(t) + sum($L)
    """,
    """
    class $C:
        def __init__(self, k): self.k = k
        def add(self, a, b): return self.k + a * b
        twice = functools.partialmethod(add, 2)
    ---
    $C(t).twice(3) + $C(1).twice(b=$n)
    """,
    """
    class $C:
        @functools.singledispatchmethod
        def of(self, u): return 1
        @of.register
        def _(self, u: int): return 2
        @of.register
        def _(self, u: list): return 3
    ---
    $C().of($e) + $C().of([]) * 10 + $C().of('a') * 100
    """,
    """
    class $C:
        v = property(lambda self: self.k * 2, lambda self, new: setattr(self, 'k', new + 1))
    ---
    $A = $C()
    $A.v = t
    $A.v
    """,
    """
    class $C:
        @classmethod
        @property
        def v(cls): return 1
        @staticmethod
        def w(k=$n): return k
        x = staticmethod(lambda u: u)
        y = classmethod(lambda cls, u: u + 1)
    ---
    $C.w() + $C().w(2) + $C().x(t) + $C.y(1)
    """,
    """
    def $D(cls):
        cls.k = $n
        before = cls.at
        cls.at = lambda self, u: before(self, u) + self.k
        return cls
    @$D
    class $C:
        def at(self, u): return u * 2
    ---
    $C().at(t)
    """,
    """
    def $D(k):
        def wrap(cls):
            class Inner(cls):
                def at(self, u): return super().at(u) + k
            return Inner
        return wrap
    @$D($n)
    @$D(1)
    class $C:
        def at(self, u): return u
    ---
    $C().at(t)
    """,
    """
    class $D:
        def __init__(self, *given): self.given = given
        def __call__(self, f): return lambda u: f(u) + sum(self.given)
    @$D($n, 1)
    def $F(u): return u * 2
    ---
    $F(t)
    """,
    """
    class $D:
        def __init__(self, f): self.f = f
        def __get__(self, it, owner): return lambda u: self.f(it, u) + 1
    class $C:
        k = $n
        @$D
        def at(self, u): return self.k * u
    ---
    $C().at(t)
    """,
    """
    def $W(f, k): return lambda u: f(u) * k
    @functools.partial($W, k=$n)
    def $F(u): return u + 1
    ---
    $F(t)
    """,
    """
    @lambda f: functools.partial(f, $n)
    def $F(a, b): return a - b
    ---
    $F(t)
    """,
    """
    class $A0:
        def at(self, u): return u
    class $B0($A0):
        def at(self, u): return super().at(u) + 1
    class $C0:
        def at(self, u): return 100
    class $D0($B0, $C0):
        at = $C0.at if $n else $B0.at
    ---
    $D0().at(t) + super($D0, $D0()).at(t) + $A0.at($D0(), 3)
    """,
    """
    class $A0:
        def __init__(self): self.log = ['a']
    class $B0($A0):
        def __init__(self): super().__init__(); self.log.append('b')
    class $C0($A0):
        def __init__(self): super().__init__(); self.log.append('c')
    class $D0($B0, $C0):
        pass
    ---
    $A = ''.join($D0().log)
    ($A == 'acb') + len($A) * 10 + t
    """,
    """
    class $C:
        class Inner:
            k = $n
            def at(self, u): return u + self.k
        make = Inner
        def of(self, u): return self.Inner().at(u)
    ---
    $C().of(t) + $C.make().at(1)
    """,
    """
    class $C(typing.Generic[typing.TypeVar('T')]):
        def __init__(self, k: float = $n): self.k = k
    ---
    $C[int](t).k + $C().k
    """,
    """
    class $P(typing.Protocol):
        def at(self, u): ...
    class $C($P):
        def at(self, u): return u + $n
    ---
    $C().at(t)
    """,
    """
    class $C:
        def __init__(self, k=None):
            self.k = k or self.default()
        def default(self): return $n
    class $D($C):
        def default(self): return super().default() + 1
    ---
    $D().k + $D(0).k + $C(t).k
    """,
    """
    class $C:
        instances = {}
        def __new__(cls, k):
            if k not in cls.instances: cls.instances[k] = super().__new__(cls)
            return cls.instances[k]
        def __init__(self, k): self.n = getattr(self, 'n', 0) + 1
    ---
    $C.instances.clear()
    $C(1), $C(1)
    $C(1).n + $C(t % 2).n * 10
    """,
    """
    class $C(tuple):
        def __new__(cls, a, b): return super().__new__(cls, (a, b))
        a = property(operator.itemgetter(0))
    ---
    $C(t, $n).a + len($C(1, 2)) + $C(1, t)[1]
    """,
    """
    class $C(str):
        def __len__(self): return 7
    ---
    len($C('abc')) + $C('a').count('a') + t
    """,
    """
    class $C(enum.Enum):
        FAST = ($n, 2)
        SLOW = (3, $n)
        def __init__(self, k, m): self.k, self.m = k, m
        def at(self, u): return self.k + self.m * u
        @classmethod
        def default(cls): return cls.SLOW
    ---
    $C.FAST.at(t) + $C.default().k + len($C.__members__)
    """,
    """
    class $C(enum.Enum):
        A = enum.auto()
        B = A
        def _generate_next_value_(name, start, count, last): return 7
        @classmethod
        def _missing_(cls, value): return cls.A
    ---
    $C(t).value + len($C) + ($C.A is $C.B)
    """,
)
