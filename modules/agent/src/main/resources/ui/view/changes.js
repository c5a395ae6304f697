// What changed, newest first.

import { h } from '../dom.js';
import { clock } from '../format.js';
import { sign } from '../states.js';

const SHOWN = 12;

export function changes(store) {
  return [
    h('div', { class: 'head' }, h('h2', { id: 'changes-title' }, 'Changes')),
    store.news.length === 0
      ? h('p', { class: 'empty' }, 'Nothing has changed since the agent began to write it down.')
      : h(
          'ol',
          { class: 'feed' },
          store.news.slice(0, SHOWN).map((item) =>
            h(
              'li',
              { key: item.key },
              h('time', { class: 'quiet', datetime: new Date(item.at).toISOString() }, clock(item.at)),
              sign(item.state === 'gone' ? 'left' : item.state),
              h('span', {}, h('b', {}, item.member), ` ${item.text}`),
            ),
          ),
        ),
  ];
}
