"""Numbers: rounding, signs, limits, bits, complex and big ones, conversions."""

# One expression a line.
LINES = r"""
round($e + 0.5)
round(2.5)
round(-0.5)
round(t / 4, 1)
round(1234.5, -2)
divmod(-t, 3)[1]
(-t) // 3
(-t) % 3
t % -3
(t + 0.5) // -2
-7.5 % 2
math.copysign(1, -0.0 * t)
math.copysign(1, 0.0 % -1 if t else 1)
(-8) ** (t % 3)
2 ** -t
(-2.0) ** (t % 4)
((t - 3) ** 0.5).real
abs((-1) ** 0.5)
abs(complex(t, 1))
(1j * t).imag
(3 + 4j).conjugate().imag
(math.inf * (t - 1) if t != 1 else 0)
(math.nan == math.nan)
(math.inf > t)
(math.nan < t)
(max(math.nan, t) == t)
(min(t, math.nan) == t)
math.hypot(t, 3, 4)
math.dist([0, t], [1, 1])
math.gcd(t, 12)
math.lcm(4, t + 1)
math.isqrt(t)
math.comb(5, t % 6)
math.perm(4, t % 5)
math.factorial(t % 6)
math.log(t + 1, 2)
math.log(8, t + 2)
math.log2(t + 1)
math.log10(t + 1)
math.fsum([0.1] * 10)
sum([0.1] * 10)
math.prod([1, 2, t])
math.modf(t / 4)[0]
math.frexp(t)[1]
math.ldexp(1, t % 5)
math.trunc(-t / 2)
math.ceil(-0.5 * t)
math.remainder(t, 3)
math.fmod(-t, 3)
math.degrees(1)
math.radians(t)
math.atan2(t, 2)
math.cbrt(t)
math.isclose(0.1 * 3, 0.3)
math.isfinite(t)
math.isnan(math.nan)
math.isinf(1 / 3)
math.nextafter(1, 2)
math.sqrt(t - $i)
math.log(t - $i)
math.acos(t / 2 - 1)
math.exp(t * 100)
math.pow(0, t - 2)
math.gamma(t + 1)
10 ** t
1.5 ** (t * 10)
(10 ** 400 // 2 ** min(t, 9)) / 10 ** 400
float(10 ** (t * 60))
(2 ** 70 + t) % 1000
2 ** 53 + 1.0 - 2 ** 53
int(1e20) % 7
t << 3
t >> 1
~t
t & 6
t | 8
t ^ 5
-t >> 1
t << (t - 2)
True + True * t - (not t)
(t > 2) / 2
True // 2
~True
True & t
(1 < t < 5 != 3 == 3 > 2)
(t or 5)
(t and 7)
(None or t)
(0.0 or $n)
([] and 1 or 2)
int('12')
int(' 7 ')
int('0x1f', 16)
int('1_000')
int(-3.7)
int('-5')
int('101', 2)
float('1e-3')
float(' inf ' if t < 0 else '2.5')
float('-0')
float('1_0.5')
float('nan' if t == $i else '1')
(int('1.5') if t == $i else int(1.5))
(0.1 + 0.2 == 0.3)
(0.5 * t).is_integer()
t.bit_length()
(0.75).as_integer_ratio()[1]
(6).bit_count()
(t).real
(2.5).imag
(5).numerator
(0.5).hex().count('0')
float.fromhex('0x1p-2')
int.from_bytes(b'\x01\x02', 'big')
(1 / t if t else 1 // 1)
1 / (t - $i)
1 // (t + 1)
5 % (t + 1)
0 ** t
0.0 ** t
t ** 0
0 ** (t - $i)
pow(3, t, 7)
pow(2, -1)
pow(3, -1, 7)
pow(t, 2)
abs(-t)
abs(-0.0)
abs(-True)
-(-t)
+True
(-1) ** 2
-1 ** 2
sum([True, t > 3, 0.5])
sum([])
min(True, 2)
max(0, -0.0)
max(-0.0, 0)
hash(t)
hash(1.0)
hash(True)
(id(t) == id(t))
(t == 3.0)
(t == True)
(t is t)
(1 == 1.0 == True)
(3 in [3.0])
('a' * t == 'aaa' or [0] * -t == [] or t)
(t + None if t == $i else t)
(t < 'a' if t == $i else t)
(t[0] if t == $i else t)
(t() if t == $i else t)
(undefined_name if t == $i else t)
(len(t) if t == $i else len([t]))
(abs('a') if t == $i else abs(t))
float(fractions.Fraction(t, 3) + fractions.Fraction('1/7'))
fractions.Fraction(0.5).denominator
float(decimal.Decimal('0.1') * t + decimal.Decimal(1))
(decimal.Decimal('0.1') + decimal.Decimal('0.2') == decimal.Decimal('0.3'))
statistics.mean([1, t, 3])
statistics.median([t, 1, 2])
statistics.pstdev([1, t])
statistics.mode([1, 1, t])
"""

IDIOMS: tuple[str, ...] = (
    """
    $A = $e
    $A //= 2
    $A **= 2
    $A %= 7
    $A
    """,
    """
    $A = t
    $A <<= 2
    $A |= 1
    $A &= 13
    $A ^= 3
    $A >>= 1
    $A
    """,
)
