// The map of round trips: the members' network coordinates on the plane on which they lie widest.

import { h } from '../dom.js';
import { names, roundTrip } from '../format.js';
import { project, roundDown } from '../projection.js';
import { shapes, WORDS } from '../states.js';

/** In units that are pixels on the screen, about, so that letters keep their size. */
const WIDE = { width: 560, height: 340 };
const NARROW = { width: 330, height: 300 };
const EDGE = 46;
const LABELS_MAX = 40;
const LINES_MAX = 24;
/** What a letter is wide, about, and a line high. */
const LETTER = 6.6;
const LINE = 14;

let axes = null;

export function map(store, ui) {
  const known = [...store.coordinates.keys()].filter((name) => store.members.has(name) && store.members.get(name).status !== 'left').sort();
  const from = known.includes(ui.from) ? ui.from : known.includes(store.selfName) ? store.selfName : known[0];
  return [
    h(
      'div',
      { class: 'head' },
      h('h2', { id: 'map-title' }, 'Round trips'),
      known.length > 1
        ? h(
            'label',
            { class: 'from' },
            'from ',
            h('select', { on: { change: (event) => ui.set({ from: event.target.value }) }, props: { value: from } }, known.map((name) => h('option', { key: name, value: name, props: { selected: name === from } }, name))),
          )
        : null,
    ),
    known.length > 1
      ? [picture(store, ui, known, from), summary(store, known, from)]
      : h('p', { class: 'empty picture' }, store.denied.has('coordinates') ? 'Shown to holders of a token.' : 'Coordinates appear once this agent has probed others.'),
  ];
}

function picture(store, ui, known, from) {
  const size = store.coordinates.get(known[0]).Vec.length;
  const usable = known.filter((name) => store.coordinates.get(name).Vec.length === size);
  const layout = project(usable.map((name) => store.coordinates.get(name).Vec), axes);
  axes = layout.axes;
  const frame = ui.narrow ? NARROW : WIDE;
  const { places, perPixel } = fit(layout.points, frame);
  const at = new Map(usable.map((name, i) => [name, places[i]]));
  const labels = label(usable, at, from, frame);
  const lines = [...at.keys()]
    .filter((name) => name !== from)
    .map((name) => ({ name, seconds: store.roundTrip(from, name) }))
    .sort((a, b) => a.seconds - b.seconds)
    .slice(0, LINES_MAX);
  const open = store.openSuspicions().filter((s) => at.has(s.member) && at.has(s.accuser));
  return h(
    'svg',
    { class: 'plane', viewBox: `0 0 ${frame.width} ${frame.height}`, role: 'img', 'aria-label': spoken(store, lines, from) },
    h('g', { class: 'spokes' }, lines.map(({ name }) => h('line', { key: name, ...ends(at.get(from), at.get(name)) }))),
    h('g', { class: 'accusations' }, open.map((s) => h('line', { key: s.id, ...ends(at.get(s.accuser), at.get(s.member)) }, h('title', {}, `${s.accuser} suspects ${s.member}`)))),
    usable.map((name) => {
      const [x, y] = at.get(name);
      const state = store.stateOf(name);
      const trip = store.roundTrip(from, name);
      return h(
        'g',
        { key: name, class: `node ${state}${name === from ? ' chosen' : ''}`, vars: { transform: `translate(${x}px, ${y}px)` }, on: { click: () => ui.set({ from: name }) } },
        h('title', {}, `${name}, ${WORDS[state]}${trip === null ? '' : `, ${roundTrip(trip)} from ${from}`}`),
        name === from ? h('circle', { class: 'halo', r: 12 }) : null,
        h('g', { class: 'sign', transform: 'translate(-8 -8)' }, h('circle', { class: 'ground', cx: 8, cy: 8, r: 7 }), shapes(state)),
        h('circle', { class: 'reach', r: 14 }),
        labels.has(name)
          ? h(
              'text',
              { x: labels.get(name).dx, y: labels.get(name).dy, 'text-anchor': labels.get(name).anchor },
              shorten(name),
              trip === null ? null : h('tspan', { class: 'trip', dx: 5 }, roundTrip(trip)),
            )
          : null,
      );
    }),
    scale(perPixel, frame),
  );
}

function fit(points, { width, height }) {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const perPixel = Math.max((right - left) / (width - 2 * EDGE - 50), (bottom - top) / (height - 2 * EDGE), 1e-9);
  const middle = [(left + right) / 2, (top + bottom) / 2];
  return {
    perPixel,
    places: points.map((p) => [round(width / 2 + (p[0] - middle[0]) / perPixel), round(height / 2 - 4 + (p[1] - middle[1]) / perPixel)]),
  };
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function ends([x1, y1], [x2, y2]) {
  return { x1, y1, x2, y2 };
}

/** A place for each name where it covers no other: right, left, below, above, or none. */
function label(usable, at, from, frame) {
  const taken = usable.map((name) => ({ x: at.get(name)[0] - 9, y: at.get(name)[1] - 9, w: 18, h: 18 }));
  const placed = new Map();
  const first = [from, ...usable.filter((name) => name !== from)].slice(0, LABELS_MAX);
  for (const name of first) {
    const [x, y] = at.get(name);
    const w = (shorten(name).length + (name === from ? 0 : 8)) * LETTER;
    const options = [
      { dx: 14, dy: 4, anchor: 'start', box: { x: x + 12, y: y - 8, w, h: LINE } },
      { dx: -14, dy: 4, anchor: 'end', box: { x: x - 12 - w, y: y - 8, w, h: LINE } },
      { dx: 0, dy: 24, anchor: 'middle', box: { x: x - w / 2, y: y + 12, w, h: LINE } },
      { dx: 0, dy: -15, anchor: 'middle', box: { x: x - w / 2, y: y - 27, w, h: LINE } },
    ];
    const free = options.find(({ box }) => inside(box, frame) && taken.every((t) => apart(box, t) || same(t, x, y)));
    if (free) {
      placed.set(name, free);
      taken.push(free.box);
    }
  }
  return placed;
}

function same(t, x, y) {
  return t.x === x - 9 && t.y === y - 9;
}

function apart(a, b) {
  return a.x + a.w < b.x || b.x + b.w < a.x || a.y + a.h < b.y || b.y + b.h < a.y;
}

function inside(box, { width, height }) {
  return box.x > 2 && box.x + box.w < width - 2 && box.y > 2 && box.y + box.h < height - 26;
}

function shorten(name) {
  return name.length > 18 ? `${name.slice(0, 17)}…` : name;
}

function scale(perPixel, { width, height }) {
  const seconds = roundDown((perPixel * width) / 4.5);
  const length = round(seconds / perPixel);
  return h(
    'g',
    { class: 'scale', transform: `translate(14 ${height - 14})` },
    h('path', { d: `M0 -4V0H${length}V-4` }),
    h('text', { x: length + 8, y: 2 }, roundTrip(seconds)),
  );
}

function spoken(store, lines, from) {
  return `Map of ${lines.length + 1} members by round trip. From ${from}: ${lines.slice(0, 12).map((l) => `${l.name} ${roundTrip(l.seconds)}`).join(', ')}`;
}

function summary(store, known, from) {
  const trips = known.filter((name) => name !== from).map((name) => ({ name, seconds: store.roundTrip(from, name) })).sort((a, b) => a.seconds - b.seconds);
  const near = trips[0];
  const far = trips.at(-1);
  return h(
    'p',
    { class: 'quiet small' },
    trips.length === 1
      ? `${near.name} is ${roundTrip(near.seconds)} from ${from}.`
      : `Nearest to ${from}: ${names([near.name])}, ${roundTrip(near.seconds)}. Farthest: ${names([far.name])}, ${roundTrip(far.seconds)}. `,
    h('span', {}, 'Estimated; distances on the plane leave out what every path of a member costs.'),
  );
}
