// What a person types to see less: of services, and of the journal.
import {NAME, OVERLAY, STATE} from './reduce.js';
import {seconds} from './text.js';
import {rankOf} from './relate.js';
import {named} from './words.js';

const ranks = {info: 0, warning: 1, error: 2, alert: 3};

/// "state:down web 10.0" -> {state: "down", words: ["web", "10.0"]}
export function readFilter(text) {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const named = words.filter((word) => /^(state|pool|server):./.test(word)).map((word) => word.split(/:(.*)/s));
  return {...Object.fromEntries(named), words: words.filter((word) => !/^(state|pool|server):./.test(word))};
}

function inState(director, service, state) {
  const pool = director.pools.get(service.pool);
  if (state === 'trouble') return rankOf(director, service) > 0;
  if (service.state === state) return true;
  return (pool?.servers ?? []).some((server) => server[STATE] === state || server[OVERLAY] === state);
}

/// Whether a service is among those asked for.
function hasService(director, service, {state, pool, server, words}) {
  if (state && !inState(director, service, state)) return false;
  if (pool && !service.pool.toLowerCase().includes(pool)) return false;
  const servers = director.pools.get(service.pool)?.servers ?? [];
  const named = (part) => servers.some((one) => one[NAME].toLowerCase().includes(part));
  if (server && !named(server)) return false;
  const own = `${service.name} ${service.keys.join(' ')} ${service.pool} ${service.scheduler} ${service.forward}`.toLowerCase();
  return words.every((word) => own.includes(word) || named(word));
}

const orders = {
  trouble: (director) => {
    const rank = new Map([...director.services.values()].map((one) => [one.name, rankOf(director, one)]));
    return (one, other) => rank.get(other.name) - rank.get(one.name);
  },
  name: () => () => 0,
  active: () => (one, other) => other.active - one.active,
  rate: () => (one, other) => (other.rates?.[0] ?? 0) - (one.rates?.[0] ?? 0),
};

const names = new Intl.Collator('en', {numeric: true});

/// The services asked for, in order; equal ones by name, so that rows stay where they are.
export function chosenServices(director, text, order) {
  const filter = readFilter(text);
  const found = [...director.services.values()].filter((service) => hasService(director, service, filter));
  const first = (named(orders, order) ?? orders.trouble)(director);
  return found.sort((one, other) => first(one, other) || names.compare(one.name, other.name));
}

/// "14:30", "2026-11-24 14:30", "10m" (so long ago) -> epoch seconds; null: no time.
export function readTime(text, now) {
  const typed = text.trim();
  if (typed === '') return null;
  const day = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(typed);
  if (day) {
    const date = new Date(now * 1000);
    date.setHours(Number(day[1]), Number(day[2]), Number(day[3] ?? 0), 0);
    return date.getTime() / 1000;
  }
  const ago = seconds(typed);
  if (ago !== null && /[a-z]$/.test(typed)) return now - ago;
  const parsed = Date.parse(typed.replace(' ', 'T'));
  return Number.isNaN(parsed) ? null : parsed / 1000;
}

/// Whether an entry is about an object, or what belongs to it.
export const isAbout = (entry, object) => entry.object === object || entry.object.startsWith(`${object}/`);

/// Whether an entry is among those asked for: {object, level, director, q, from, to}; the last two epoch seconds.
export function hasEntry(entry, wanted) {
  if (wanted.director && entry.director !== wanted.director) return false;
  if (wanted.level && (named(ranks, entry.level) ?? 0) < (named(ranks, wanted.level) ?? 0)) return false;
  const object = (wanted.object ?? '').toLowerCase();
  if (object && !`${entry.object}`.toLowerCase().includes(object)) return false;
  const at = Date.parse(entry.time) / 1000;
  if (wanted.from && at < wanted.from) return false;
  if (wanted.to && at > wanted.to) return false;
  const all = `${entry.kind} ${entry.object} ${entry.text} ${entry.cause}`.toLowerCase();
  return (wanted.q ?? '').toLowerCase().split(/\s+/).every((word) => all.includes(word));
}
