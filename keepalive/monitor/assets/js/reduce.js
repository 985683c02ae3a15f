// The cluster as this page knows it, and what each event of the stream makes of it. No clock, no network.
//
// A server within OVERVIEW is an array, to be small; the names of its places:
export const NAME = 0;
export const STATE = 1;
export const SINCE = 2;
export const WEIGHT = 3;
export const OVERLAY = 4;
export const ACTIVE = 5;
export const INACTIVE = 6;

const LONGEST_JOURNAL = 5000;

function indexed(director) {
  const {overview} = director;
  const services = new Map((overview?.services ?? []).map((service) => [service.name, service]));
  const pools = new Map((overview?.pools ?? []).map((pool) => [pool.name, pool]));
  const servers = new Map();
  for (const pool of pools.values()) {
    for (const server of pool.servers) servers.set(`${pool.name}/${server[NAME]}`, server);
  }
  return {...director, services, pools, servers};
}

/// The model of an answer of /api/cluster, heard at `now`. `shape` is another object whenever a state is another one:
/// figures come every second, and leave it.
export function model(answer, now) {
  const directors = answer.directors.map((one) => indexed({...one, fresh: one.reachable ? now : null}));
  return {allow: answer.allow, directors, journal: [], shape: {}};
}

export const directorOf = (cluster, name) => cluster.directors.find((one) => one.name === name) ?? null;

function takeFigures(director, data) {
  for (const [name, [active, inactive, ...rates]] of Object.entries(data.services ?? {})) {
    const service = director.services.get(name);
    if (service) Object.assign(service, {active, inactive, rates});
  }
  for (const [name, [active, inactive]] of Object.entries(data.servers ?? {})) {
    const server = director.servers.get(name);
    if (server) [server[ACTIVE], server[INACTIVE]] = [active, inactive];
  }
  if (director.overview && data.time) director.overview.time = data.time;
}

function merged(list, changed) {
  const by = new Map(changed.map((one) => [one.name, one]));
  const kept = list.map((one) => {
    const found = by.get(one.name);
    by.delete(one.name);
    return found ? {...one, ...found} : one;
  });
  return [...kept, ...by.values()];
}

function takeState(director, data) {
  const {overview: part = {}, ...rest} = data;
  for (const member of ['reachable', 'error', 'heard']) if (member in rest) director[member] = rest[member];
  if (!director.overview) return indexed({...director, overview: part.services ? part : null});
  const overview = {...director.overview, ...part};
  if (part.services) overview.services = merged(director.overview.services, part.services);
  if (part.pools) overview.pools = merged(director.overview.pools, part.pools);
  const next = {...director, overview};
  return part.services || part.pools ? indexed(next) : next;
}

/// Entries of a journal, oldest first, each director's number once.
export function mergedJournal(old, more) {
  const key = (entry) => `${entry.director} ${entry.sequence} ${entry.time}`;
  const known = new Set(old.map(key));
  const all = [...old, ...more.filter((entry) => !known.has(key(entry)))];
  const sorted = more.length > 1 || (old.length && more.length && more[0].time < old.at(-1).time);
  if (sorted) all.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
  return all.slice(-LONGEST_JOURNAL);
}

const told = {SERVER_UP: 'up', SERVER_DOWN: 'down'};

/// What the journal says of a server is so at once; the rest of it follows with the next state.
function takeEntry(director, entry) {
  const server = told[entry.kind] && director.servers.get(entry.object);
  if (!server) return false;
  [server[STATE], server[SINCE]] = [told[entry.kind], Date.parse(entry.time) / 1000];
  return true;
}

const shapeless = new Set(['sync', 'alerts', 'witnesses', 'time', 'sequence']);
const reshapes = (data) => 'reachable' in data || Object.keys(data.overview ?? {}).some((member) => !shapeless.has(member));

/// What an event makes of the cluster: {cluster, reload}. `reload`: ask for /api/cluster again.
export function reduced(cluster, kind, data, now) {
  if (kind === 'resync') return {cluster, reload: true};
  const at = cluster.directors.findIndex((one) => one.name === data.director);
  if (at < 0) return {cluster, reload: true};
  const before = cluster.directors[at];
  const next = {...cluster, directors: [...cluster.directors]};
  if (kind === 'journal') {
    next.journal = mergedJournal(cluster.journal, [data]);
    if (takeEntry(before, data)) next.shape = {};
  }
  if (kind === 'figures') takeFigures(before, data);
  const after = kind === 'state' ? takeState(before, data) : before;
  if (kind === 'state' && reshapes(data)) next.shape = {};
  const stays = kind === 'state' && data.reachable === false;
  next.directors[at] = {...after, cut: false, fresh: stays ? after.fresh : now};
  if (kind === 'figures' && !before.reachable) {
    next.directors[at].reachable = true;
    next.shape = {};
  }
  const changed = after.overview?.generation !== before.overview?.generation;
  return {cluster: next, reload: changed || (after.overview === null && next.directors[at].reachable)};
}

/// The same cluster when nothing is heard of it any more: no director is live.
export const cutOff = (cluster) => ({...cluster, directors: cluster.directors.map((one) => ({...one, cut: true}))});

/// 'live', 'stale' (no news for a while) or 'gone' (unreachable), of a director.
export function freshness(director, now, patience = 5) {
  if (!director.reachable) return 'gone';
  return !director.cut && director.fresh !== null && now - director.fresh <= patience ? 'live' : 'stale';
}
