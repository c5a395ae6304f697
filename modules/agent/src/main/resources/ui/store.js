// What the page knows: the agent's answers in one shape, and what follows from them. Knows no element and no socket.

import { BY_CODE, ORDER } from './states.js';
import { instant } from './format.js';
import { roundTripSeconds } from './projection.js';

/** Changes kept for the list; the timelines keep more. */
const NEWS_MAX = 60;
const DAY_MILLIS = 24 * 3_600_000;
const MINUTE_MILLIS = 60_000;
/** Whom an agent finds this soon after its start is no news. */
const BEGINNING_MILLIS = 5_000;

export class Store {
  self = null;
  members = new Map();
  suspicions = [];
  gossip = null;
  coordinates = new Map();
  /** Upshifts as they were told last, by kind. */
  upshifts = new Map();
  figures = new Map();
  /** Per member `{at, state}`, the oldest first. */
  history = new Map();
  /** Since when the agent has written changes down; null while it has not said. */
  since = null;
  /** What changed while the page looked, newest first: `{at, member, state, text, key}`. */
  news = [];
  /** Parts that were answered, by name. */
  taken = new Set();
  /** Parts whose answers were refused for want of a token, by name. */
  denied = new Set();

  #listeners = [];
  #heralds = [];
  #serial = 0;
  #isFirst = true;

  /** Calls back with each piece of news as it comes, but for what was there when the page opened. */
  onNews(listener) {
    this.#listeners.push(listener);
  }

  /** Calls back with a sentence whenever an upshift has come further, while the page looked. */
  onUpshift(listener) {
    this.#heralds.push(listener);
  }

  get selfName() {
    return this.self?.Config?.NodeName ?? '';
  }

  takeSelf(answer) {
    this.self = answer;
  }

  takeMembers(list, at) {
    const now = new Map();
    for (const member of list ?? []) {
      now.set(member.Name, memberOf(member));
    }
    for (const [name, member] of now) {
      const before = this.members.get(name);
      if (before?.status !== member.status) {
        this.#changed(name, member.status, before?.status, at);
      }
    }
    for (const name of this.members.keys()) {
      if (!now.has(name)) {
        this.#changed(name, 'gone', this.members.get(name).status, at);
      }
    }
    this.members = now;
    this.#isFirst = false;
  }

  #changed(name, state, before, at) {
    const known = this.history.get(name) ?? [];
    const last = known.at(-1);
    if (last?.state !== state) {
      known.push({ at: last ? Math.max(at, last.at) : at, state });
      this.history.set(name, known);
    }
    if (!this.#isFirst) {
      this.#tell({ at: this.history.get(name).at(-1).at, member: name, state, text: changeText(state, before) });
    }
  }

  /** The agent's own record, which reaches back to before the page was opened. */
  takeHistory(answer) {
    this.since = instant(answer.Since);
    const history = new Map();
    for (const change of answer.Changes ?? []) {
      const known = history.get(change.Member) ?? [];
      if (known.at(-1)?.state !== change.State) {
        known.push({ at: instant(change.At) ?? 0, state: change.State });
        history.set(change.Member, known);
      }
    }
    this.history = history;
    for (const [name, member] of this.members) {
      if (!history.has(name)) {
        history.set(name, [{ at: this.since ?? 0, state: member.status }]);
      }
    }
    if (this.news.length === 0) {
      this.news = [...history]
        .flatMap(([member, changes]) => changes.map(({ at, state }, i) => ({ at, member, state, text: changeText(state, changes[i - 1]?.state) })))
        .filter((item) => item.at > (this.since ?? 0) + BEGINNING_MILLIS)
        .sort((a, b) => b.at - a.at)
        .slice(0, NEWS_MAX)
        .map((item) => ({ ...item, key: `n${this.#serial++}` }));
    }
  }

  /** One member as it came to be. */
  takeMember(told, at) {
    const name = told.Member.Name;
    const before = this.members.get(name)?.status;
    if (told.Kind === 'reaped') {
      if (this.members.delete(name)) {
        this.#changed(name, 'gone', before, at);
      }
      return;
    }
    const member = memberOf(told.Member);
    this.members.set(name, member);
    if (member.status !== before) {
      this.#changed(name, member.status, before, instant(told.Since) ?? at);
    }
  }

  takeSuspicions(list, at) {
    this.#suspicionsAre((list ?? []).map((told) => suspicionOf(told, at)), at);
  }

  /** One suspicion, new or as it stands now. */
  takeSuspicion(told, at) {
    const one = suspicionOf(told, at);
    this.#suspicionsAre([one, ...this.suspicions.filter((s) => s.id !== one.id)].sort((a, b) => b.start - a.start), at);
  }

  #suspicionsAre(list, at) {
    const known = new Set(this.suspicions.map((s) => s.id));
    const wasOpen = new Set(this.suspicions.filter((s) => s.outcome === 'open').map((s) => s.id));
    this.suspicions = list;
    if (!this.taken.has('suspicions')) {
      return;
    }
    for (const s of this.suspicions) {
      if (!known.has(s.id)) {
        this.#tell({ at: s.start, member: s.member, state: 'suspect', text: `suspected by ${s.accuser}` });
      }
      if (s.outcome === 'refuted' && (wasOpen.has(s.id) || !known.has(s.id))) {
        this.#tell({ at: s.end ?? at, member: s.member, state: 'alive', text: 'refuted the suspicion' });
      }
    }
  }

  takeGossip(answer) {
    this.gossip = { ...answer, byName: new Map(answer.Members.map((m) => [m.Name, m])) };
  }

  /** One upshift as it stands now. */
  takeUpshift(told) {
    const before = this.upshifts.get(told.Kind);
    this.upshifts.set(told.Kind, told);
    if (!before || !told.Id) {
      return;
    }
    const what = `Upshift of ${told.Kind === 'tls' ? 'TLS' : told.Kind}`;
    if (told.Outcome && told.Outcome !== before.Outcome) {
      this.#heralds.forEach((herald) => herald(`${what}: ${told.Outcome}`));
    } else if (told.Id !== before.Id || told.Goal !== before.Goal || told.Course !== before.Course) {
      this.#heralds.forEach((herald) => herald(`${what}: ${told.Course === 'back' ? 'going back to' : 'now'} ${told.Goal}`));
    }
  }

  takeCoordinates(list) {
    this.coordinates = new Map((list ?? []).map((entry) => [entry.Node, entry.Coord]));
  }

  /** Gauges and counters without labels, or summed over them. */
  takeMetrics(answer) {
    const figures = new Map();
    for (const gauge of answer.Gauges ?? []) {
      figures.set(gauge.Name, (figures.get(gauge.Name) ?? 0) + gauge.Value);
    }
    for (const counter of answer.Counters ?? []) {
      figures.set(counter.Name, (figures.get(counter.Name) ?? 0) + counter.Count);
    }
    this.figures = figures;
  }

  #tell(item) {
    const told = { ...item, key: `n${this.#serial++}` };
    this.news = [told, ...this.news].sort((a, b) => b.at - a.at).slice(0, NEWS_MAX);
    this.#listeners.forEach((listener) => listener(told));
  }

  // What follows.

  openSuspicions() {
    return this.suspicions.filter((s) => s.outcome === 'open');
  }

  suspicionsOf(name) {
    return this.suspicions.filter((s) => s.member === name);
  }

  /** Its state with suspicion in it, which the API's number has not. */
  stateOf(name) {
    const status = this.members.get(name)?.status ?? 'unknown';
    return status === 'alive' && this.suspicions.some((s) => s.member === name && s.outcome === 'open') ? 'suspect' : status;
  }

  counts() {
    const counts = Object.fromEntries(ORDER.map((state) => [state, 0]));
    for (const name of this.members.keys()) {
      counts[this.stateOf(name)]++;
    }
    return counts;
  }

  /** Seconds from this agent to a member and back; null while one of them has no coordinate. */
  roundTripTo(name) {
    return this.roundTrip(this.selfName, name);
  }

  roundTrip(a, b) {
    const from = this.coordinates.get(a);
    const to = this.coordinates.get(b);
    return from && to && a !== b ? roundTripSeconds(from, to) : null;
  }

  /**
   * How a member's gossip comes: `{way, at, key, seen, keys}`; `way` is `sealed`, `plain`, `unheard`, or `self`, and null
   * while the agent has not said. `seen` says that the key is that of its traffic and not of its own report.
   */
  trafficOf(name) {
    const member = this.gossip?.byName.get(name);
    if (!member) {
      return null;
    }
    const report = member.Report;
    const key = report?.Primary || member.SealedWith || '';
    const common = { key, seen: !report?.Primary && key !== '', keys: report?.Keys ?? [] };
    if (member.Presence === 'self') {
      return { ...common, way: report && report.VerifyOutgoing && key ? 'sealed' : 'plain', at: null, self: true };
    }
    const sealed = instant(member.LastSealed);
    const plain = instant(member.LastPlain);
    if (sealed === null && plain === null) {
      return { ...common, way: 'unheard', at: null };
    }
    return sealed === null || (plain !== null && plain > sealed)
      ? { ...common, way: 'plain', at: plain }
      : { ...common, way: 'sealed', at: sealed };
  }

  /** Members that are or may come back, by the id of the key that they seal with. */
  keys() {
    const keys = new Map();
    for (const [name, member] of this.members) {
      if (member.status === 'left') {
        continue;
      }
      const key = this.trafficOf(name)?.key;
      if (key) {
        keys.set(key, [...(keys.get(key) ?? []), name]);
      }
    }
    return new Map([...keys].sort((a, b) => b[1].length - a[1].length));
  }

  plainSenders() {
    return [...this.members.values()]
      .filter((m) => m.status !== 'left' && m.status !== 'failed')
      .map((m) => m.name)
      .filter((name) => this.trafficOf(name)?.way === 'plain');
  }

  /** `open`, `keyed`, `mixed`, `sealed` or null: how far the pool's encryption has come. */
  phase() {
    if (!this.gossip) {
      return null;
    }
    const steps = new Map((this.gossip.Steps ?? []).filter((s) => !s.Key).map((s) => [s.Step, s.Answer]));
    const own = this.gossip.Members.find((m) => m.Presence === 'self')?.Report;
    if (!own?.Primary) {
      return 'open';
    }
    if (steps.get('incoming') === 'done') {
      return 'sealed';
    }
    if (steps.get('outgoing') === 'done') {
      return 'outgoing';
    }
    if (this.plainSenders().length === 0 && own.VerifyIncoming && own.VerifyOutgoing) {
      return 'sealed';
    }
    return steps.get('keyed') === 'done' ? 'keyed' : 'mixed';
  }

  /** TLS as this agent has it: days may be negative; null where there is no certificate. */
  tls() {
    if (!this.self) {
      return null;
    }
    const config = this.self.DebugConfig ?? {};
    const days = (name) => (this.figures.has(name) ? (this.figures.get(name) * 1_000) / DAY_MILLIS : null);
    return {
      certificateDays: days('sotto.tls.certificate.left.seconds'),
      authorityDays: days('sotto.tls.authority.left.seconds'),
      incoming: config.VerifyIncoming === true || config.VerifyIncomingRPC === true,
      outgoing: config.VerifyOutgoing === true,
      hostname: config.VerifyServerHostname === true,
      swaps: this.figures.get('sotto.tls.swaps') ?? 0,
      refused: this.figures.get('sotto.tls.refused') ?? 0,
      alarms: this.figures.get('sotto.tls.alarms') ?? 0,
      file: config.CertFile ?? '',
    };
  }

  /** Suspicions that began in the last `minutes`. */
  recentSuspicions(now, minutes) {
    return this.suspicions.filter((s) => s.start > now - minutes * MINUTE_MILLIS);
  }
}

function memberOf(told) {
  return {
    name: told.Name,
    address: told.Addr.includes(':') ? `[${told.Addr}]:${told.Port}` : `${told.Addr}:${told.Port}`,
    tags: told.Tags ?? {},
    status: BY_CODE[told.Status] ?? 'unknown',
  };
}

function suspicionOf(told, at) {
  return {
    id: `${told.Start} ${told.Member}`,
    member: told.Member,
    accuser: told.Accuser,
    confirmers: told.Confirmers ?? [],
    ownHealth: told.OwnHealth,
    outcome: told.Outcome,
    start: instant(told.Start) ?? at,
    end: instant(told.End),
  };
}

function changeText(state, before) {
  switch (state) {
    case 'alive':
      return before === undefined ? 'joined' : 'is back';
    case 'failed':
      return 'failed';
    case 'leaving':
      return 'is leaving';
    case 'left':
      return before === 'failed' ? 'was let go' : 'left';
    case 'gone':
      return 'was forgotten';
    default:
      return 'was heard of';
  }
}
