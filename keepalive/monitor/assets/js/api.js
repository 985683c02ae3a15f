// Requests to the monitor's server; faults as one class, with what the server says of them.

export class Fault extends Error {
  constructor(status, body) {
    super(body?.error ?? (status ? `The server answers ${status}.` : 'The server cannot be reached.'));
    this.status = status;
    this.diagnostics = body?.diagnostics ?? null;
    this.wait = body?.retry_after_s ?? null;
  }
}

let csrf = '';
let onOver = () => {};

/// `over` is called when a request finds that the session is over.
export function watchSession(over) {
  onOver = over;
}

export function setToken(token) {
  csrf = token;
}

async function ask(path, options = {}, patience = 20000) {
  const signal = AbortSignal.timeout(patience);
  const request = {credentials: 'same-origin', cache: 'no-store', signal, ...options};
  let answer;
  try {
    answer = await fetch(path, request);
  } catch (fault) {
    throw new Fault(0, fault.name === 'TimeoutError' ? {error: 'The server does not answer.'} : null);
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body;
  if (answer.status === 401 && path !== '/api/login' && path !== '/api/session') onOver();
  throw new Fault(answer.status, body);
}

export const get = (path) => ask(path);

export const post = (path, body = {}, patience) =>
  ask(path, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'X-CSRF-Token': csrf},
    body: JSON.stringify(body),
  }, patience);

const part = encodeURIComponent;

/// The path of a director's own API: of('lvs1', 'servers', 'web/10.0.0.11:80', 'drain').
export const of = (director, ...parts) => `/api/d/${part(director)}/v1/${parts.map(part).join('/')}`;

export const history = (director, object, period) =>
  get(`/api/history?object=${part(object)}&director=${part(director)}&span=${period}`);

/// The journals' last entries, of all directors that answer: {entries, faults}.
export async function journals(directors) {
  const faults = [];
  const lists = await Promise.all(directors.map(async (name) => {
    try {
      const {events} = await get(of(name, 'events'));
      return events.map((entry) => ({...entry, director: name}));
    } catch (fault) {
      faults.push(`${name}: ${fault.message}`);
      return [];
    }
  }));
  return {entries: lists.flat(), faults};
}
