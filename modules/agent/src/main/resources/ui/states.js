// The states of a member: their words, their order, and signs that differ by shape as well as by colour.

import { h } from './dom.js';

/** By the number that the API gives. */
export const BY_CODE = ['unknown', 'alive', 'leaving', 'left', 'failed'];

export const WORDS = {
  alive: 'alive',
  suspect: 'suspected',
  failed: 'failed',
  leaving: 'leaving',
  left: 'left',
  unknown: 'not heard yet',
};

/** What wants attention comes first. */
export const ORDER = ['failed', 'suspect', 'leaving', 'unknown', 'alive', 'left'];

const SIGNS = {
  alive: () => [h('circle', { cx: 8, cy: 8, r: 5, class: 'fill' })],
  suspect: () => [
    h('path', { d: 'M8 2.2 14.6 13.6H1.4Z', class: 'line' }),
    h('path', { d: 'M8 6.4v3.4', class: 'line' }),
    h('circle', { cx: 8, cy: 11.8, r: 0.9, class: 'fill' }),
  ],
  failed: () => [
    h('rect', { x: 2, y: 2, width: 12, height: 12, rx: 2.4, class: 'fill' }),
    h('path', { d: 'm5.4 5.4 5.2 5.2m0-5.2-5.2 5.2', class: 'cut' }),
  ],
  leaving: () => [h('circle', { cx: 8, cy: 8, r: 5, class: 'line' }), h('path', { d: 'M8 3a5 5 0 0 1 0 10Z', class: 'fill' })],
  left: () => [h('circle', { cx: 8, cy: 8, r: 5, class: 'line' })],
  unknown: () => [h('circle', { cx: 8, cy: 8, r: 5, class: 'line dashed' })],
};

/** The sign alone, for beside a word. */
export function sign(state) {
  return h('svg', { class: `sign ${state}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, SIGNS[state]());
}

/** The shapes of a sign, for inside a picture; drawn around 8, 8. */
export function shapes(state) {
  return SIGNS[state]();
}

/** Sign and word. */
export function badge(state) {
  return h('span', { class: `state ${state}` }, sign(state), h('span', {}, WORDS[state]));
}
