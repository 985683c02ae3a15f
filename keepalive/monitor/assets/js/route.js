// Addresses within the page: "#/d/lvs1/server/web/10.0.0.11:80?span=week" <-> {parts, query}.

/// A part that decodeURIComponent refuses stays as it is.
function decoded(part) {
  try {
    return decodeURIComponent(part.replaceAll('+', '%20'));
  } catch {
    return part;
  }
}

const encoded = (part) => encodeURIComponent(part).replaceAll('%3A', ':').replaceAll('%20', '+');

/// {parts: ["d", "lvs1", …], query: {span: "week"}}
export function readRoute(hash) {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const parts = path.split('/').filter((part) => part !== '').map(decoded);
  const pairs = query.split('&').filter((pair) => pair !== '').map((pair) => pair.split(/=(.*)/s));
  return {parts, query: Object.fromEntries(pairs.map(([name, value = '']) => [decoded(name), decoded(value)]))};
}

/// Members of `query` that are '' or null are left out.
export function route(parts, query = {}) {
  const told = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const text = told.map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`).join('&');
  return `#/${parts.map((part) => encoded(String(part))).join('/')}${text ? `?${text}` : ''}`;
}

export const to = {
  cluster: () => '#/',
  director: (director) => route(['d', director]),
  service: (director, name) => route(['d', director, 'service', name]),
  pool: (director, name) => route(['d', director, 'pool', name]),
  server: (director, pool, name) => route(['d', director, 'server', pool, name]),
  vrrp: (director, name) => route(['d', director, 'vrrp', name]),
  heartbeat: (director, name) => route(['d', director, 'heartbeat', name]),
  sync: (director) => route(['d', director, 'sync']),
  journal: (query) => route(['journal'], query),
  connections: (query) => route(['connections'], query),
  config: (director, ...rest) => route(['config', director, ...rest]),
};

/// Where a journal's object has its page: what it is, is not said there, so the names decide.
export function objectRoute(director, overview, object) {
  if (!object || !overview) return null;
  const slash = object.indexOf('/');
  if (object === 'sync' || object.startsWith('sync/')) return overview.sync ? to.sync(director) : null;
  if (slash > 0) {
    const pool = overview.pools.find((one) => one.name === object.slice(0, slash));
    return pool ? to.server(director, pool.name, object.slice(slash + 1)) : null;
  }
  if (overview.vrrp.some((one) => one.name === object)) return to.vrrp(director, object);
  if (overview.heartbeats.some((one) => one.name === object)) return to.heartbeat(director, object);
  if (overview.services.some((one) => one.name === object)) return to.service(director, object);
  if (overview.pools.some((one) => one.name === object)) return to.pool(director, object);
  return null;
}
