// Network coordinates: the round trip that two of them foretell, and the plane on which a pool's vectors lie widest. Pure.

/** Seconds from one coordinate to another and back, as Serf computes it. */
export function roundTripSeconds(a, b) {
  let sum = 0;
  for (let i = 0; i < Math.min(a.Vec.length, b.Vec.length); i++) {
    sum += (a.Vec[i] - b.Vec[i]) ** 2;
  }
  const plain = Math.sqrt(sum) + a.Height + b.Height;
  const adjusted = plain + a.Adjustment + b.Adjustment;
  return adjusted > 0 ? adjusted : plain;
}

/**
 * Lays vectors out on the plane of their two widest directions.
 *
 * @param vectors all of one length
 * @param before the axes of the last layout, so that the picture does not turn over; null at first
 * @returns `points`, in the unit of the vectors and around their middle, and `axes` for the next time
 */
export function project(vectors, before = null) {
  if (vectors.length === 0) {
    return { points: [], axes: before };
  }
  const size = vectors[0].length;
  const middle = Array.from({ length: size }, (_, i) => vectors.reduce((sum, v) => sum + v[i], 0) / vectors.length);
  const centred = vectors.map((v) => v.map((c, i) => c - middle[i]));
  const first = widest(centred, before?.[0] ?? unit(size, 0), null);
  const second = widest(centred, before?.[1] ?? unit(size, 1), first);
  return { points: centred.map((v) => [dot(v, first), dot(v, second)]), axes: [first, second] };
}

/** Power iteration; begins near the last answer, so that it stays on the same side. */
function widest(vectors, start, apart) {
  let axis = normal(without(start.map((c, i) => c + 1e-3 / (i + 1)), apart)) ?? start;
  for (let round = 0; round < 64; round++) {
    const next = new Array(axis.length).fill(0);
    for (const v of vectors) {
      const along = dot(v, axis);
      for (let i = 0; i < next.length; i++) {
        next[i] += along * v[i];
      }
    }
    const turned = normal(without(next, apart));
    if (!turned) {
      return axis;
    }
    axis = turned;
  }
  return axis;
}

function without(v, axis) {
  if (!axis) {
    return v;
  }
  const along = dot(v, axis);
  return v.map((c, i) => c - along * axis[i]);
}

function normal(v) {
  const length = Math.sqrt(dot(v, v));
  return length < 1e-30 ? null : v.map((c) => c / length);
}

function dot(a, b) {
  return a.reduce((sum, c, i) => sum + c * b[i], 0);
}

function unit(size, at) {
  return Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));
}

/** The largest of 1, 2, 5 times a power of ten that is at most this. */
export function roundDown(value) {
  if (!(value > 0)) {
    return 0;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const times = value / power;
  return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * power;
}
