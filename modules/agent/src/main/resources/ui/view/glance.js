// The strip of figures at the top: each leads to the part that explains it.

import { h } from '../dom.js';
import { names, plural } from '../format.js';
import { sign } from '../states.js';

export function glance(store, ui) {
  return [membersTile(store), suspicionTile(store, ui), gossipTile(store), keyTile(store), tlsTile(store)];
}

function tile(key, label, target, tone, figure, note) {
  return h(
    'a',
    { key, href: `#${target}`, class: `tile ${tone ?? ''}` },
    h('span', { class: 'label' }, label),
    h('span', { class: 'figure' }, figure ?? h('span', { class: 'wait' }, '–')),
    h('span', { class: 'note' }, [note ?? '\u00a0'].flat().map((part) => (typeof part === 'string' ? h('span', {}, part) : part))),
  );
}

function membersTile(store) {
  if (store.members.size === 0) {
    return tile('members', 'Members', 'members', '', null, store.denied.has('members') ? 'a token is needed' : null);
  }
  const counts = store.counts();
  const there = counts.alive + counts.suspect + counts.leaving;
  const all = store.members.size - counts.left;
  const bad = counts.failed > 0;
  return tile(
    'members',
    'Members',
    'members',
    bad ? 'failed' : counts.suspect > 0 ? 'suspect' : '',
    [String(there), h('span', { class: 'of' }, ` of ${all}`)],
    bad
      ? [sign('failed'), `${counts.failed} failed`]
      : counts.left > 0
        ? `all here, ${counts.left} left`
        : all === 1
          ? 'alone so far'
          : 'all here',
  );
}

function suspicionTile(store, ui) {
  if (!store.taken.has('suspicions')) {
    return tile('suspicions', 'Suspicions', 'suspicions');
  }
  const open = store.openSuspicions();
  const recent = store.recentSuspicions(ui.now, 60).length;
  return tile(
    'suspicions',
    'Suspicions',
    'suspicions',
    open.length > 0 ? 'suspect' : '',
    String(open.length),
    open.length > 0
      ? [sign('suspect'), names(open.map((s) => s.member), 2)]
      : recent > 0
        ? `${recent} in the last hour`
        : 'quiet for an hour',
  );
}

const PHASES = {
  open: ['Plaintext', 'anybody can listen'],
  mixed: ['In part', 'not all have the key'],
  keyed: ['Keyed', 'not all seal yet'],
  outgoing: ['Sealing', 'plaintext is let in'],
  sealed: ['Sealed', 'plaintext is refused'],
};

function gossipTile(store) {
  const phase = store.phase();
  if (!phase) {
    return tile('gossip', 'Gossip', 'encryption');
  }
  const plain = store.plainSenders();
  const [word, note] = PHASES[phase];
  return tile(
    'gossip',
    'Gossip',
    'encryption',
    phase === 'open' ? 'failed' : phase === 'sealed' ? '' : 'suspect',
    word,
    plain.length > 0 && phase !== 'open' ? `${plural(plain.length, 'sends', 'send')} in the clear` : note,
  );
}

function keyTile(store) {
  if (!store.gossip) {
    return tile('key', 'Key', 'encryption');
  }
  const keys = [...store.keys()];
  if (keys.length === 0) {
    return tile('key', 'Key', 'encryption', '', 'none', 'gossip is plain');
  }
  return tile(
    'key',
    keys.length === 1 ? 'Key' : 'Keys',
    'encryption',
    keys.length === 1 ? '' : 'suspect',
    keys.length === 1 ? h('code', {}, keys[0][0]) : String(keys.length),
    keys.length === 1 ? `of ${plural(keys[0][1].length, 'member')}` : 'in use at once',
  );
}

function tlsTile(store) {
  const tls = store.tls();
  if (!tls || (store.figures.size === 0 && !store.denied.has('metrics'))) {
    return tile('tls', 'TLS', 'tls');
  }
  if (tls.certificateDays === null) {
    return tile('tls', 'TLS', 'tls', '', 'off', 'no certificate');
  }
  const days = Math.floor(tls.certificateDays);
  return tile(
    'tls',
    'TLS',
    'tls',
    days < 0 ? 'failed' : days < 30 ? 'suspect' : '',
    days < 0 ? 'ended' : [String(days), h('span', { class: 'of' }, days === 1 ? ' day' : ' days')],
    days < 0 ? `${-days} days ago: renew it` : days < 30 ? 'left: renew it' : 'on the certificate',
  );
}
