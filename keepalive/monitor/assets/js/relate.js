// What belongs to what, who leads, and what is wrong: questions to the cluster's model. No DOM.
import {ACTIVE, NAME, OVERLAY, SINCE, STATE, WEIGHT, freshness} from './reduce.js';
import {keeper} from './keep.js';
import {serverWord, syncState, wordOf} from './words.js';

/// The director whose numbers are shown: reachable, with the most masters; the local one of equals.
export function leader(cluster) {
  const masters = (one) => (one.overview?.vrrp ?? []).filter((router) => router.state === 'master').length;
  const rank = (one) => (one.reachable && one.overview ? 1000 : 0) + masters(one) * 2 + (one.local ? 1 : 0);
  return [...cluster.directors].sort((one, other) => rank(other) - rank(one))[0] ?? null;
}

/// The one that carries a service's traffic: of all that are live, the one with the most connections a second.
export function carrier(cluster, service) {
  const lead = leader(cluster);
  const cps = (one) => one.services.get(service)?.rates?.[0] ?? 0;
  const able = cluster.directors.filter((one) => one.reachable && one.services.has(service));
  const best = able.reduce((found, one) => (cps(one) > cps(found) * 1.2 ? one : found), able.includes(lead) ? lead : able[0]);
  return best ?? null;
}

export const servicesOf = (director, pool) => [...director.services.values()].filter((one) => one.pool === pool);

/// How many servers of a pool are up, take new connections, and are there at all.
export function tally(pool) {
  const up = pool.servers.filter((server) => server[STATE] === 'up').length;
  const taking = pool.servers.filter((server) => server[STATE] !== 'down' && server[WEIGHT] > 0).length;
  const active = pool.servers.reduce((sum, server) => sum + server[ACTIVE], 0);
  return {up, taking, active, all: pool.servers.length, down: pool.servers.filter((one) => one[STATE] === 'down').length};
}

/// The worst that is told of a service or its servers: 0 is well.
export function rankOf(director, service) {
  const pool = director.pools.get(service.pool);
  const own = wordOf('service', service.state).rank;
  return (pool?.servers ?? []).reduce((worst, one) => Math.max(worst, serverWord(one[STATE], one[OVERLAY]).rank), own);
}

/// [active, cps, bytes in, bytes out] of all services of a director.
export function totals(director) {
  const sum = {active: 0, cps: 0, inbps: 0, outbps: 0};
  for (const service of director.services.values()) {
    const [cps = 0, , , inbps = 0, outbps = 0] = service.rates ?? [];
    sum.active += service.active;
    sum.cps += cps;
    sum.inbps += inbps;
    sum.outbps += outbps;
  }
  return sum;
}

const problem = (director, kind, parts, word, text, since) => ({
  director: director.name, kind, parts, name: parts.join('/'), word, rank: word.rank, text, since,
});

function* routerProblems(one) {
  for (const router of one.overview.vrrp) {
    const found = (word, text, since) => problem(one, 'vrrp', [router.name], word, text, since);
    const alarm = {...wordOf('vrrp', 'fault'), rank: 7};
    if (router.state === 'fault') yield found(wordOf('vrrp', 'fault'), router.faults[0]?.reason ?? router.cause, router.since);
    if (router.rival) yield found({...alarm, word: 'two masters'}, 'another master is heard', router.since);
    if (router.partition_since) yield found({...alarm, word: 'partition'}, 'a heartbeat tells of another master', router.partition_since);
  }
  for (const line of one.overview.heartbeats) {
    if (line.state === 'silent') yield problem(one, 'heartbeat', [line.name], wordOf('heartbeat', 'silent'), line.place, line.since);
  }
}

function* serviceProblems(one) {
  for (const service of one.services.values()) {
    const word = wordOf('service', service.state);
    const pool = one.pools.get(service.pool);
    const count = pool ? tally(pool) : {up: 0, all: 0};
    if (word.rank) yield problem(one, 'service', [service.name], word, `${count.up} of ${count.all} servers up`, null);
  }
  for (const pool of one.pools.values()) {
    for (const server of pool.servers) {
      const word = serverWord(server[STATE], server[OVERLAY]);
      const down = server[STATE] === 'down';
      if (word.rank < 2) continue;
      const text = down ? `${tally(pool).up} of ${pool.servers.length} of the pool are up` : '';
      yield {...problem(one, 'server', [pool.name, server[NAME]], word, text, down ? server[SINCE] : null), server};
    }
  }
}

function* ownProblems(one, now) {
  const state = freshness(one, now);
  if (state === 'gone') yield problem(one, 'director', [one.name], wordOf('director', 'gone'), one.error, one.heard);
  if (!one.overview) return;
  const {config, sync} = one.overview;
  if (config.fault) yield problem(one, 'config', [one.name], {...wordOf('level', 'warning'), word: 'file refused'}, config.fault, null);
  if (sync) {
    const word = wordOf('sync', syncState(sync));
    if (word.rank) yield problem(one, 'sync', ['sync'], word, `follows ${sync.follow}`, null);
  }
}

/// What two directors say differently of one server: a check that fails from one side only.
function* disagreements(cluster) {
  const [first, ...others] = cluster.directors.filter((one) => one.reachable && one.overview);
  for (const other of others) {
    for (const [name, server] of first.servers) {
      const there = other.servers.get(name);
      if (!there || there[STATE] === server[STATE] || [there[STATE], server[STATE]].includes('unknown')) continue;
      const [pool] = name.split('/', 1);
      const word = {...wordOf('level', 'warning'), word: 'directors differ'};
      yield problem(first, 'server', [pool, server[NAME]], word, `${first.name}: ${server[STATE]}, ${other.name}: ${there[STATE]}`, server[SINCE]);
    }
  }
}

const keep = keeper();

/// All that is wrong, worst first; of servers and services as the leader sees them.
export function problems(cluster, now) {
  const lead = leader(cluster);
  const many = keep([cluster.shape], () => [...disagreements(cluster), ...(lead?.overview ? serviceProblems(lead) : [])]);
  const found = [...many];
  for (const one of cluster.directors) {
    found.push(...ownProblems(one, now));
    if (one.overview && one.reachable) found.push(...routerProblems(one));
  }
  return found.sort((one, other) => other.rank - one.rank || (one.name < other.name ? -1 : 1));
}

/// Open alerts of all directors, newest first.
export function alertsOf(cluster) {
  const all = cluster.directors.flatMap((one) => (one.overview?.alerts ?? []).map((alert) => ({...alert, director: one.name})));
  return all.sort((one, other) => (one.time < other.time ? 1 : -1));
}

/// What several directors tell of one thing at about the same time, as one: of a list in order of time, the first entry with all `tellers`.
export function together(list, seconds) {
  const found = [];
  const alike = (one, entry) => one.kind === entry.kind && one.object === entry.object && one.text === entry.text &&
    Boolean(one.acknowledged) === Boolean(entry.acknowledged) && one.tellers.every((teller) => teller.director !== entry.director);
  for (const entry of list) {
    const at = Date.parse(entry.time);
    let i = found.length - 1;
    while (i >= 0 && Math.abs(Date.parse(found[i].time) - at) <= seconds * 1000 && !alike(found[i], entry)) --i;
    const near = i >= 0 && Math.abs(Date.parse(found[i].time) - at) <= seconds * 1000;
    if (near) found[i].tellers.push(entry);
    else found.push({...entry, tellers: [entry]});
  }
  return found;
}

/// The virtual routers that move together with this one.
export function groupOf(director, router) {
  if (!router.group) return [];
  return director.overview.vrrp.filter((one) => one.group === router.group && one.name !== router.name);
}

/// The same virtual router on the other directors: [{director, router}].
export function elsewhere(cluster, director, router) {
  return cluster.directors.filter((one) => one.name !== director && one.overview).flatMap((one) => {
    const found = one.overview.vrrp.find((other) => other.id === router.id && other.name === router.name);
    return found ? [{director: one, router: found}] : [];
  });
}

