"""The order in which Python evaluates: of operands, arguments, targets, displays, defaults, handlers and clauses."""

# One expression a line.
LINES = r"""
[f() for f in [lambda: 1, lambda: t]][1]
(lambda a, b=t: b if (a := 3) else a)(0)
((a := 1), (a := a + t), a)[1]
(t and (b := 5) or (b := 7)) + b
(lambda *a, **k: len(a) + len(k))(*[1, 2], 3, *(4,), x=1, **{'y': 2})
{(c := 1): (c := c + 1), (c := 5): c}[5]
[d := 1, d + 1, (d := 10) + d][2]
(e := t) + (lambda: e)() if t > 2 else (e := 3) * e
(1 < (g := t) < 5) * 10 + g
(0 > (h := t) > 1 / (t - t)) * 1 + h
"""

IDIOMS: tuple[str, ...] = (
    """
    $L = []
    def $F(k):
        $L.append(k)
        return k
    $A = $F(1) + $F(2) * $F(3) - ($F(4) if $F(0) else $F(5))
    sum(i * k for i, k in enumerate($L)) + $A
    """,
    """
    $L = []
    def $F(k): $L.append(k); return k
    $D = {$F(1): $F(2), $F(3): $F(4)}
    $D[$F(0)] = $F(9)
    sum(i * k for i, k in enumerate($L)) + len($D)
    """,
    """
    $L = []
    def $F(k): $L.append(k); return k
    def $G(a, b=0, *c, d=0, **e): return a
    $G($F(1), *[$F(2), $F(3)], d=$F(4), **{'x': $F(5)})
    sum(i * k for i, k in enumerate($L))
    """,
    """
    $L = []
    def $F(k): $L.append(k); return k
    $A = [0] * 10
    $A[$F(1)], $A[$F(2)] = $F(3), $F(4)
    sum(i * k for i, k in enumerate($L)) + $A[1]
    """,
    """
    $L = []
    def $F(k): $L.append(k); return k
    $A = [1] * 10
    $A[$F(2)] += $F(5)
    sum(i * k for i, k in enumerate($L)) + $A[2]
    """,
    """
    $L = []
    def $F(k): $L.append(k); return k
    $A = $F(1) < $F(3) < $F(2) < $F(7)
    $B = $F(0) and $F(8) or $F(9)
    sum(i * k for i, k in enumerate($L)) + $A + $B
    """,
    """
    $L = []
    def $F(k): $L.append(k); return k
    def $G(a=$F(1), *, b=$F(2)): return a + b
    $G($F(5))
    sum(i * k for i, k in enumerate($L)) + $G(b=$n)
    """,
    """
    $I = 0
    $A = [5, 6, 7]
    $I, $A[$I] = 2, t
    $A[0] + $A[2]
    """,
    """
    $A = [1, 2, 3]
    $I = 1
    $I = $A[$I] = 2
    sum($A) + $I
    """,
    """
    $A = $B = [t]
    $A += [1]
    $B = $B + [2]
    len($A) * 10 + len($B)
    """,
    """
    $A, $B = 1, t
    $A, $B = $B, $A + $B
    $A, $B = $B, $A + $B
    $A * 10 + $B
    """,
    """
    $X = 1
    def $F():
        global $X
        $X += 1
        return $X
    $X + $F() + $X
    """,
    """
    class $C:
        n = 0
        @property
        def next(self):
            $C.n += 1
            return $C.n
    ---
    $C.n = 0
    $A = $C()
    $A.next - $A.next * $A.next
    """,
    """
    $L = []
    def $F():
        try:
            $L.append(1)
            return $L.append(2)
        finally:
            $L.append(3)
    $F()
    sum(i * k for i, k in enumerate($L)) + t
    """,
    """
    $L = []
    for k in range(3):
        try:
            if k == 1: continue
            if k == 2: break
            $L.append(k + 10)
        except ValueError:
            $L.append(5)
        else:
            $L.append(20)
        finally:
            $L.append(30 + k)
    else:
        $L.append(100)
    sum(i * k for i, k in enumerate($L, 1))
    """,
    """
    class $M:
        def __init__(self, k): self.k = k
        def __enter__(self): $L.append(self.k); return self
        def __exit__(self, *error): $L.append(-self.k); return self.k == 2
    $L = []
    ---
    $L.clear()
    with $M(1) as $A, $M(2) as $B:
        $L.append(5)
        if t == $i: raise KeyError
        $L.append(7)
    sum(i * k for i, k in enumerate($L, 1))
    """,
    """
    $L = []
    def $G():
        try:
            while True: $L.append((yield len($L)))
        except ValueError:
            yield 50
        finally:
            $L.append(9)
    $A = $G()
    next($A)
    $A.send(t)
    $B = $A.throw(ValueError)
    $A.close()
    $B + sum($L)
    """,
    """
    def $G():
        k = 0
        while k < 5:
            got = yield k
            k = k + 1 if got is None else got
    $A = $G()
    $B = [next($A), $A.send(3), next($A), next($A, -1)]
    sum(i * k for i, k in enumerate($B, 1)) + t
    """,
    """
    $L = []
    $A = (($L.append(k), k)[1] for k in range(5))
    $B = next(k for k in $A if k > 1)
    $B * 10 + len($L) + sum($A)
    """,
    """
    $L = [3, 1, 2]
    def $K(k):
        $S.append(k)
        return -k
    $S = []
    $M = sorted($L, key=$K)
    sum(i * k for i, k in enumerate($S)) + $M[0] + t
    """,
    """
    $L = []
    $A = any($L.append(k) or k > 1 for k in range(5))
    $B = all(map(lambda k: $L.append(k) is None and k < 1, range(5)))
    sum(i * k for i, k in enumerate($L)) + $A + $B
    """,
    """
    def $F(n):
        if n: return $F(n - 1) + [n]
        return []
    $A = $F(t % 4)
    sum(i * k for i, k in enumerate($A, 1))
    """,
    """
    $A = 5
    def $F():
        try:
            return $A
        except NameError:
            return -1
        $A = 1
    $F()
    """,
    """
    $A = $n
    def $F():
        if $b: $A = 7
        return $A
    try:
        $B = $F()
    except UnboundLocalError:
        $B = -1
    $B
    """,
    """
    try:
        try:
            1 / (t - $i)
        except ZeroDivisionError as $E:
            raise ValueError from $E
        else:
            $A = 1
    except ValueError as $E:
        $A = isinstance($E.__cause__, ZeroDivisionError) * 5
    $A
    """,
    """
    try:
        $A = $n
        try:
            raise KeyError
        finally:
            $A = 3
            if $b: raise ValueError
    except (KeyError, ValueError) as $E:
        $A += isinstance($E, ValueError) * 10
    $A
    """,
    """
    for $A in range(3):
        for $B in range(3):
            if $A * $B == t % 5: break
        else: continue
        break
    $A * 10 + $B
    """,
    """
    $A = 10
    while ($A := $A - 3) > t % 4:
        if $A == 4: continue
    $A
    """,
)
