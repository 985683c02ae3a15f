// Every state as word, shape and tone: no view says a state by colour alone.

/// shape: a name that marks.js draws. tone: ok, bad, warn, info or off. rank: what is shown first, 0 is well.
const row = (word, shape, tone, rank) => ({word, shape, tone, rank});

const service = {
  up: row('up', 'disc', 'ok', 0),
  down: row('down', 'cross', 'bad', 5),
  panic: row('panic', 'alarm', 'bad', 6),
  sorry: row('sorry server', 'triangle', 'warn', 4),
};

const kinds = {
  service,
  pool: service,
  server: {
    up: row('up', 'disc', 'ok', 0),
    down: row('down', 'cross', 'bad', 3),
    unknown: row('unknown', 'ring', 'off', 1),
  },
  overlay: {
    drain: row('draining', 'arrow', 'info', 2),
    disable: row('disabled', 'slash', 'info', 2),
    weight: row('weight set', 'scale', 'info', 1),
  },
  vrrp: {
    master: row('master', 'diamond', 'ok', 0),
    backup: row('backup', 'ring', 'off', 0),
    fault: row('fault', 'cross', 'bad', 6),
    stopped: row('stopped', 'slash', 'off', 2),
    unknown: row('unknown', 'dots', 'off', 2),
  },
  heartbeat: {
    up: row('up', 'disc', 'ok', 0),
    silent: row('silent', 'cross', 'bad', 5),
    unknown: row('unknown', 'dots', 'off', 1),
  },
  sync: {
    synced: row('synced', 'disc', 'ok', 0),
    'not synced': row('not synced', 'triangle', 'warn', 3),
    stopped: row('daemon stopped', 'cross', 'bad', 4),
    apart: row('agent apart', 'triangle', 'warn', 3),
  },
  director: {
    live: row('live', 'disc', 'ok', 0),
    stale: row('no news', 'triangle', 'warn', 4),
    gone: row('unreachable', 'cross', 'bad', 6),
  },
  level: {
    info: row('info', 'dot', 'off', 0),
    warning: row('warning', 'triangle', 'warn', 2),
    error: row('error', 'cross', 'bad', 4),
    alert: row('alert', 'alarm', 'bad', 5),
    fault: row('fault', 'cross', 'bad', 4),
  },
};

/// What a table has under a foreign word: nothing of what every object has, such as `constructor`.
export const named = (table, word) => (table && Object.hasOwn(table, word) ? table[word] : undefined);

/// How a state is shown; a word that this page does not know is shown as it is.
export function wordOf(kind, state) {
  return named(named(kinds, kind), state) ?? row(String(state ?? 'unknown'), 'dots', 'off', 1);
}

/// A server's state with what an operator said of it: that counts more while the server is up.
export function serverWord(state, overlay) {
  if (state === 'down' || !overlay) return wordOf('server', state);
  return wordOf('overlay', overlay);
}

const ENOUGH = 990;  // of 1000 connections

/// Whoever sends need not have copied anything: what counts is that the others have it.
const sends = (sync) => sync.daemons.some((daemon) => daemon.role === 'master' && daemon.runs) && sync.parity_permille >= ENOUGH;

/// The state of connection sync, of OVERVIEW's member.
export function syncState(sync) {
  if (sync.daemons.some((daemon) => daemon.wanted !== false && !daemon.runs)) return 'stopped';
  if (sync.connected === false) return 'apart';
  return sync.synced || sends(sync) ? 'synced' : 'not synced';
}

const rights = {read: 0, operate: 1, configure: 2};
const roles = {viewer: 0, operator: 1, administrator: 2};

/// Whether somebody of this role may act ('operate' or 'configure') where directors allow so much. '' or why not.
export function whyNot(role, allow, deed) {
  const wanted = rights[deed];
  if ((named(roles, role) ?? 0) < wanted) {
    const needed = Object.keys(roles).find((name) => roles[name] >= wanted);
    return `You are ${role === 'operator' ? 'an' : 'a'} ${role}: this wants the role ${needed}.`;
  }
  if ((named(rights, allow) ?? 0) < wanted) {
    return `The director allows a monitor to ${allow} only: [monitor] allow = ${deed} permits this.`;
  }
  return '';
}
