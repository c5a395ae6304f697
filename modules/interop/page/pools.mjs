// Pools to look at: answers of an agent's API, made up, in the shapes of docs/reference/http.md.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const iso = (at) => new Date(at).toISOString();
const uuid = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function member(i, name, { status = 1, role = 'node', addr = `10.0.${i >> 8}.${(i & 255) + 10}`, build = '0.1.0:' } = {}) {
  const tags = { acls: '0', build, dc: 'dc1', id: uuid(i), role, segment: '', vsn: '2', vsn_max: '3', vsn_min: '2' };
  return {
    Name: name,
    Addr: addr,
    Port: 8301,
    Tags: role === 'consul' ? { ...tags, port: '8300', raft_vsn: '3' } : tags,
    Status: status,
    ProtocolMin: 1,
    ProtocolMax: 5,
    ProtocolCur: 2,
    DelegateMin: 2,
    DelegateMax: 5,
    DelegateCur: 4,
  };
}

/** Places on two racks and a far site, so that the map has something to show. */
function coordinate(i) {
  const site = [[0, 0], [0.0011, 0.0021], [0.0037, -0.0004]][i % 3];
  const spread = (k) => (((i * 7919 + k * 104729) % 1000) / 1000 - 0.5) * 0.0007;
  const Vec = Array.from({ length: 8 }, (_, k) => (site[k] ?? 0) + spread(k) * (k < 2 ? 1 : 0.25));
  return { Vec, Error: 0.2, Adjustment: 0, Height: 0.00008 };
}

function report(primary, keys, { incoming = true, outgoing = true, label = '' } = {}) {
  return {
    Primary: primary,
    Keys: keys,
    VerifyIncoming: incoming,
    VerifyOutgoing: outgoing,
    Label: label,
    LabelEnforced: true,
    LastPlaintext: '',
    Version: '0.1.0',
  };
}

function gossip(name, presence, given, { sealed = 2, plain = null, key = '', rejected = {}, now }) {
  return {
    Name: name,
    Presence: presence,
    Sotto: given !== null,
    Report: given,
    LastSealed: sealed === null || presence === 'self' ? '' : iso(now - sealed * SECOND),
    SealedWith: presence === 'self' ? '' : key,
    LastPlain: plain === null ? '' : iso(now - plain * SECOND),
    Rejected: rejected,
  };
}

function self(name, { server = false, tls = true } = {}) {
  return {
    Config: { Datacenter: 'dc1', NodeName: name, NodeID: uuid(1), Revision: '', Server: server, Version: '0.1.0' },
    DebugConfig: {
      CertFile: tls ? '/etc/sotto/dc1-client-consul-0.pem' : '',
      VerifyIncoming: tls,
      VerifyIncomingRPC: tls,
      VerifyOutgoing: tls,
      VerifyServerHostname: false,
    },
    Coord: null,
    Member: null,
    Stats: {},
    Meta: {},
  };
}

function metrics(figures) {
  return { Timestamp: '', Gauges: Object.entries(figures).map(([Name, Value]) => ({ Name, Value, Labels: {} })), Points: [], Counters: [], Samples: [] };
}

const DAY = 86_400;

/** An upshift in which the members are at these stages: `[stage, ground, why, mend]`. */
function upshift(Kind, given, members) {
  const entries = Object.entries(members);
  const waiting = entries.filter(([, m]) => m[2]);
  return {
    Kind,
    Id: '7f3a',
    Epoch: 1,
    Driver: 'web-1',
    Goal: 'enforced',
    Confirmed: 'enforced',
    Course: 'forward',
    Stepwise: false,
    KeyId: '',
    Began: '2026-11-22T06:00:00Z',
    UnderWay: false,
    WaitingForNext: false,
    Done: entries.length - waiting.length,
    Of: entries.length,
    Members: Object.fromEntries(entries.map(([name, [Stage, Ground, Hindrance = '', Mend = '']]) => [name, { Stage, Ground, QuietSeconds: null, Hindrance, Mend }])),
    WaitingFor: Object.fromEntries(waiting.map(([name, m]) => [name, m[2]])),
    Without: {},
    Vouched: {},
    Outcome: 'finished',
    Text: '',
    ...given,
  };
}

const NO_UPSHIFT = { Id: '', Epoch: 0, Driver: '', Goal: '', Confirmed: '', Course: '', Began: '', UnderWay: false, Done: 0, Of: 0, Members: {}, WaitingFor: {}, Without: {}, Vouched: {}, Outcome: '', Text: '' };

/** Everybody well, everything sealed. */
export function calm(now = Date.now()) {
  const names = ['consul-1', 'consul-2', 'consul-3', 'web-1', 'web-2', 'db-1'];
  const key = '1c0216e1';
  return {
    '/v1/agent/self': self('web-1'),
    '/v1/agent/members': names.map((name, i) => member(i + 1, name, i < 3 ? { role: 'consul', build: '1.8.7:' } : {})),
    '/v1/agent/members/history': { Since: iso(now - 26 * 60 * MINUTE), Changes: names.map((Member) => ({ At: iso(now - 26 * 60 * MINUTE), Member, State: 'alive' })) },
    '/v1/agent/suspicions': [],
    '/v1/coordinate/nodes': names.map((Node, i) => ({ Node, Segment: '', Coord: coordinate(i) })),
    '/v1/agent/gossip/status': {
      At: iso(now),
      Plaintext: null,
      Members: names.map((name, i) => gossip(name, name === 'web-1' ? 'self' : 'alive', i < 3 ? null : report(key, [key]), { key, now })),
      Steps: [
        { Step: 'keyed', Key: '', Answer: 'done', Obstacles: [], OnHints: [] },
        { Step: 'outgoing', Key: '', Answer: 'done', Obstacles: [], OnHints: ['consul-1'] },
        { Step: 'incoming', Key: '', Answer: 'done', Obstacles: [], OnHints: [] },
      ],
    },
    '/v1/operator/upshift/tls': upshift('tls', {}, Object.fromEntries(names.map((name) => [name, ['enforced', 'report']]))),
    '/v1/operator/upshift/gossip': upshift('gossip', { KeyId: key }, Object.fromEntries(names.map((name) => [name, ['enforced', 'report']]))),
    '/v1/agent/metrics': metrics({ 'sotto.tls.certificate.left.seconds': 284.6 * DAY, 'sotto.tls.authority.left.seconds': 1460 * DAY, 'sotto.tls.swaps': 0, 'sotto.tls.refused': 0, 'sotto.tls.alarms': 0 }),
  };
}

/** A name that a stranger chose in the hope that somebody shows it as markup. */
export const HOSTILE = '<img src=x onerror="window.pwned=1">';

/** In the middle of an upshift and of a bad day: every state, every warning. */
export function busy(now = Date.now()) {
  const [key, other] = ['1c0216e1', '7d3a0b52'];
  const list = [
    member(1, 'consul-1', { role: 'consul', build: '1.8.7:' }),
    member(2, 'consul-2', { role: 'consul', build: '1.8.7:' }),
    member(3, 'consul-3', { role: 'consul', build: '1.8.7:' }),
    member(4, 'web-1'),
    member(5, 'web-2'),
    member(6, 'web-3', { status: 4 }),
    member(7, 'db-1'),
    member(8, 'db-2'),
    member(9, 'cache-eu-west-1b-0123456789abcdef', { addr: 'fd00:1234:5678::17' }),
    member(10, 'batch-7', { status: 3 }),
    member(11, 'batch-8', { status: 2 }),
    member(12, 'new-1', { status: 0 }),
    member(13, HOSTILE),
  ];
  const began = now - 9 * 60 * MINUTE;
  const change = (ago, Member, State) => ({ At: iso(now - ago * SECOND), Member, State });
  return {
    '/v1/agent/self': self('web-1'),
    '/v1/agent/members': list,
    '/v1/agent/members/history': {
      Since: iso(began),
      Changes: [
        ...list.filter((m) => m.Name !== 'new-1').map((m) => ({ At: iso(began), Member: m.Name, State: 'alive' })),
        change(790, 'web-2', 'failed'),
        change(560, 'web-2', 'alive'),
        change(320, 'batch-7', 'leaving'),
        change(300, 'batch-7', 'left'),
        change(140, 'web-3', 'failed'),
        change(45, 'batch-8', 'leaving'),
        change(20, 'new-1', 'unknown'),
      ],
    },
    '/v1/agent/suspicions': [
      { Member: 'db-2', Accuser: 'consul-1', Confirmers: ['web-1', 'db-1'], OwnHealth: 0, Outcome: 'open', Start: iso(now - 3_200), End: '' },
      { Member: 'web-3', Accuser: 'web-1', Confirmers: ['consul-1', 'consul-2', 'db-1', 'db-2'], OwnHealth: 0, Outcome: 'failed', Start: iso(now - 146_000), End: iso(now - 140_000) },
      { Member: 'consul-3', Accuser: 'cache-eu-west-1b-0123456789abcdef', Confirmers: [], OwnHealth: 2, Outcome: 'refuted', Start: iso(now - 401_000), End: iso(now - 398_500) },
      { Member: HOSTILE, Accuser: 'db-1', Confirmers: [], OwnHealth: 0, Outcome: 'refuted', Start: iso(now - 471_000), End: iso(now - 470_200) },
      { Member: 'web-2', Accuser: 'consul-2', Confirmers: ['web-1'], OwnHealth: 0, Outcome: 'failed', Start: iso(now - 802_000), End: iso(now - 790_000) },
    ],
    '/v1/coordinate/nodes': list.filter((m) => m.Status === 1).map((m, i) => ({ Node: m.Name, Segment: '', Coord: coordinate(i) })),
    '/v1/agent/gossip/status': {
      At: iso(now),
      Plaintext: { Since: iso(now - 95 * MINUTE), Until: iso(now + 25 * MINUTE), OverdueSeconds: 0 },
      Members: [
        gossip('consul-1', 'alive', null, { key, now }),
        gossip('consul-2', 'alive', null, { key, now, sealed: 9 }),
        gossip('consul-3', 'alive', null, { key, now, sealed: 400, plain: 4, rejected: { replay: 2 } }),
        gossip('web-1', 'self', report(key, [key, other], { incoming: false }), { now }),
        gossip('web-2', 'alive', report(key, [key, other], { incoming: false }), { key, now }),
        gossip('web-3', 'failed', null, { key, now, sealed: 150 }),
        gossip('db-1', 'alive', report(other, [other, key], { incoming: false, label: 'blue' }), { key: other, now }),
        gossip('db-2', 'alive', report(key, [key], { incoming: false, outgoing: false }), { sealed: null, plain: 2, now }),
        gossip('cache-eu-west-1b-0123456789abcdef', 'alive', report(key, [key], { incoming: false }), { key, now }),
        gossip('batch-8', 'leaving', report(key, [key], { incoming: false }), { key, now }),
        gossip('new-1', 'unknown', null, { sealed: null, now }),
        gossip(HOSTILE, 'alive', report(key, [key], { incoming: false }), { key, now }),
      ],
      Steps: [
        { Step: 'keyed', Key: '', Answer: 'done', Obstacles: [], OnHints: [] },
        { Step: 'outgoing', Key: '', Answer: 'likely', Obstacles: [], OnHints: ['consul-1', 'consul-2'] },
        {
          Step: 'incoming',
          Key: '',
          Answer: 'unsafe',
          Obstacles: [
            { Member: 'db-2', Ground: 'report', Why: 'does not seal what it sends: its encrypt_verify_outgoing is off' },
            { Member: 'consul-3', Ground: 'hint', Why: 'sent plaintext 4 seconds ago' },
          ],
          OnHints: [],
        },
        { Step: 'remove', Key: other, Answer: 'unsafe', Obstacles: [{ Member: 'db-1', Ground: 'report', Why: 'seals with it' }], OnHints: [] },
      ],
    },
    '/v1/operator/upshift/tls': upshift('tls', { Without: { 'batch-8': 'ops from 10.0.0.7' } }, { 'web-1': ['enforced', 'report'], 'db-1': ['enforced', 'report'] }),
    '/v1/operator/upshift/gossip': upshift(
      'gossip',
      { Epoch: 2, Driver: 'web-2', Goal: 'sending', Confirmed: 'ready', UnderWay: true, Outcome: '', KeyId: key },
      {
        'consul-1': ['sending', 'traffic'],
        'consul-3': ['ready', 'traffic', 'sends plaintext', 'In /etc/consul.d/encrypt.json:\n  "encrypt_verify_outgoing": true\nthen: systemctl restart consul'],
        'web-1': ['sending', 'report'],
        'web-2': ['sending', 'report'],
        'web-3': ['ready', 'unknown', 'is away'],
        'db-1': ['sending', 'report'],
        [HOSTILE]: ['sending', 'report'],
      },
    ),
    '/v1/agent/metrics': metrics({ 'sotto.tls.certificate.left.seconds': 12.4 * DAY, 'sotto.tls.authority.left.seconds': 730 * DAY, 'sotto.tls.swaps': 3, 'sotto.tls.refused': 1, 'sotto.tls.alarms': 1 }),
  };
}

/** A newcomer's agent: nobody else, no key, no certificate. */
export function alone(now = Date.now()) {
  return {
    '/v1/agent/self': self('one', { tls: false }),
    '/v1/agent/members': [member(1, 'one')],
    '/v1/agent/members/history': { Since: iso(now - 4 * MINUTE), Changes: [{ At: iso(now - 4 * MINUTE), Member: 'one', State: 'alive' }] },
    '/v1/agent/suspicions': [],
    '/v1/coordinate/nodes': [{ Node: 'one', Segment: '', Coord: coordinate(0) }],
    '/v1/agent/gossip/status': {
      At: iso(now),
      Plaintext: null,
      Members: [gossip('one', 'self', report('', [], { incoming: false, outgoing: false }), { now })],
      Steps: [{ Step: 'keyed', Key: '', Answer: 'unsafe', Obstacles: [{ Member: 'one', Ground: 'report', Why: 'has no key' }], OnHints: [] }],
    },
    '/v1/operator/upshift/tls': { Kind: 'tls', ...NO_UPSHIFT },
    '/v1/operator/upshift/gossip': { Kind: 'gossip', ...NO_UPSHIFT },
    '/v1/agent/metrics': metrics({ 'sotto.gossip.members': 1 }),
  };
}

/** A large pool, some of it away. */
export function large(now = Date.now()) {
  const names = Array.from({ length: 400 }, (_, i) => `node-${i + 1}`);
  const key = '1c0216e1';
  return {
    ...calm(now),
    '/v1/agent/self': self('node-1'),
    '/v1/agent/members': names.map((name, i) => member(i + 1, name, { status: i % 97 === 50 ? 4 : 1 })),
    '/v1/agent/members/history': { Since: iso(now - 60 * MINUTE), Changes: names.map((Member) => ({ At: iso(now - 60 * MINUTE), Member, State: 'alive' })) },
    '/v1/coordinate/nodes': names.map((Node, i) => ({ Node, Segment: '', Coord: coordinate(i) })),
    '/v1/agent/gossip/status': { ...calm(now)['/v1/agent/gossip/status'], Members: names.map((name) => gossip(name, name === 'node-1' ? 'self' : 'alive', report(key, [key]), { key, now })) },
  };
}
