"""NumPy: scalars that give inf where Python raises, arrays that add item by item, dtypes, shapes."""

# One expression a line.
LINES = r"""
min(1.0, 1 / np.sqrt(t))
min(10, np.float64(t) ** -0.5)
(float(np.float64(1) / t) if t else 0)
1 / np.float64(t - $i)
np.int64(5) // (t + 1)
np.int64(5) % np.int64(t)
np.int64(7) // np.int64(t)
np.array([1, 2, 3])[t % 3]
(np.array([1, 2]) + [t, 1])[0]
(np.array([1, 2]) * 2)[1]
len([1, 2] * 2)
np.array([1, 2.5])[0] / 2
np.array([1, 2])[1] / 4
np.array([7, 8])[0] // 2
(np.array([1, 2]) / 0)[0]
(np.array([t, 2]) > 1).sum()
np.array([1, 2, 3]).mean()
np.array([1, t]).max()
np.array([[1, 2], [3, t]]).sum()
np.array([[1, 2], [3, t]])[1, 1]
np.array([[1, 2], [3, 4]])[:, 0].sum()
np.arange(6).reshape(2, 3)[1][2]
np.where(t > 3, $n, $n)
np.where([True, False], t, 5)[1]
np.interp(t, [0, 5, 10], [0, 1, 0.5])
np.interp(t, [0, 10], [1, 2], left=-1, right=7)
np.clip(t, 2, 8)
np.clip(t / 10, 0, 1)
np.clip(np.array([1, t]), 0, 3)[1]
np.clip(t, None, 4)
np.linspace(0, 1, 11)[t % 11]
np.linspace(1, 0, 5)[-1]
np.arange(0, 1, 0.25)[t % 4]
len(np.linspace(0, 1, 3))
np.linspace(0, 1, 4, endpoint=False)[t % 4]
np.logspace(0, 2, 3)[t % 3]
np.geomspace(1, 8, 4)[t % 4]
np.int64(2) ** t
np.float32(0.1) * t
np.int32(2 ** 30) * np.int32(2 + t % 2)
np.float32(0.1)
np.float16(2048)
np.uint8(200)
np.uint8(100 + t % 3)
np.int8(t % 100)
np.array([1, 2, 3], dtype=np.float32)[0] / 3
np.array([1.7, 2.2]).astype(int)[0]
np.zeros(3)[t % 3]
np.ones((2, 2)).sum()
np.full(3, t)[0]
np.eye(2)[0, 0]
np.empty(0).size
np.cumsum([1, t, 3])[-1]
np.diff([1, 4, t])[1]
np.prod([1, 2, t])
np.cumprod([1, 2, 3])[t % 3]
np.argmax([1, t, 3])
np.argsort([3, t, 1])[0]
np.searchsorted([1, 3, 5], t)
np.digitize(t, [2, 4])
np.sum([1, t])
np.mean([t, 2])
np.std([1, t])
np.median([1, t, 9])
np.max([t, 2])
np.min([[t, 1], [4, 5]])
np.floor(t / 3)
np.ceil(-t / 3)
np.round(t / 4, 1)
np.rint(2.5)
np.sign(t - 2)
np.abs(-t)
np.trunc(-0.5)
np.exp(-t)
np.log(t)
np.log1p(t)
np.sqrt(t - 2)
np.power(2.0, -t)
(np.log(t - $i) if $b else np.sqrt(-1.0))
np.power(2, t % 5)
np.power(t, 0.5)
np.square(t)
np.hypot(3, t)
np.mod(-t, 3)
np.fmod(-t, 3)
np.maximum(t, [1, 5])[1]
np.minimum(t, 3.0)
np.heaviside(t - 2, 0.5)
np.sin(np.pi * t / 4)
np.isnan(np.nan)
np.isfinite(t)
np.allclose([0.1 * 3], [0.3])
np.array_equal([1, t], [1, 2])
np.any([0, t])
np.all([1, t])
np.maximum(np.nan, t)
np.concatenate([[1, 2], [t]])[-1]
np.append([1, 2], t)[2]
np.stack([[1], [t]])[1, 0]
np.repeat([1, t], 2)[3]
np.tile([t], 2).size
np.dot([1, t], [2, 3])
np.array([1, 2]) @ np.array([t, 1])
np.outer([1, t], [1, 2])[1, 1]
np.polyval([1, 0, t], 2)
len(np.array([[1, 2, 3], [4, 5, 6]]))
np.array([[1, 2, 3]]).shape[1]
np.array([1, 2]).ndim
np.array(t).item()
(float(np.array([t])) if $b else int(np.array(2.7)))
bool(np.array([t]))
bool(np.float64(0.0))
not np.int64(t)
(np.array([1, 2]) == [1, t]).all()
(np.array([1, 2]) == np.array([1, 2])).any()
np.isclose(t, 3)
(1 if np.array([1, 2]) else 2)
isinstance(np.float64(1), float)
isinstance(np.int64(1), int)
isinstance(np.exp(t), float)
(type(np.float64(1)) is float)
np.float64(2.5).round()
round(np.float64(2.675), 2)
int(np.float64(t))
float(np.int64(3))
np.int64(7).item()
np.True_
np.bool_(t) & np.bool_(1)
(~np.bool_(False)) * 2
(np.int64(t) / np.int64(0) if t == $i else np.int64(t) / 2)
sum(np.array([1, t, 3]))
max(np.array([1, t]))
len(list(np.array([1, 2])))
min(np.float64(t), 2)
np.polyfit([0, 1, 2], [1, 3, 5], 1)[0] * 0
np.vectorize(lambda u: u + 1)(t)
np.piecewise(t * 1.0, [t < 3, t >= 3], [1, 2])
np.cos(t) * np.pi
np.tanh(t)
np.expm1(t / 10)
np.degrees(np.pi)
np.deg2rad(180)
np.arctan2(1, t)
np.array([1, 2, 3])[[0, t % 3]].sum()
np.array([1, 2, 3])[np.array([True, False, True])][1]
np.take([1, 2, 3], t % 3)
np.select([t < 3, t < 9], [1, 2], default=5)
np.choose(t % 2, [10, 20])
np.nan_to_num(np.nan)
"""

IDIOMS: tuple[str, ...] = (
    """
    $A = np.array([1, 2, 3])
    $B = $A
    $B += t
    $A[0]
    """,
    """
    $A = np.array([1.0, 2, 3])
    $B = $A[1:]
    $B[0] = t
    $A[1] + $A[::-1][0]
    """,
    """
    $A = np.array([1, 2, 3])
    $A[0] = 2.7
    $A[1] = t
    $A[$A > 2] = 0
    $A.sum()
    """,
    """
    $A = np.array([3, 1, 2])
    $A.sort()
    $A[0] + np.sort([t, 1])[0] + np.flip([1, t])[0] + $A.argmin()
    """,
)
