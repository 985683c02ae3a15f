// The schema's rows: what a key is, and what is plainly wrong with a value before the director is asked.
import {seconds, span} from './text.js';

export const sectionOf = (schema, name) => schema.sections.find((section) => section.name === name) ?? null;

export const keyOf = (schema, section, name) =>
  sectionOf(schema, section)?.keys.find((key) => key.name === name) ?? null;

/// The keys that may stand in a section as it is: those of another check's type do not.
export function fittingKeys(section, entries) {
  const type = entries.find((entry) => entry.key === 'type')?.value;
  return section.keys.filter((key) => !type || !key.applies?.length || key.applies.includes(type));
}

/// How a value is put in: 'choice', 'number', 'duration' or 'text'.
export function inputOf(key) {
  if (key.values?.length && !key.repeats) return 'choice';
  if (key.type === 'number') return 'number';
  return key.type === 'duration' ? 'duration' : 'text';
}

const limit = (key, value) => (key.type === 'duration' ? spanOf(value) : String(value));

const spanOf = (ms) => (ms < 1000 ? `${ms} ms` : span(ms / 1000));

/// "10 ms to 1 d", "at least 1", or ''.
export function range(key) {
  const [low, high] = [key.minimum ?? null, key.maximum ?? null];
  if (low === null && high === null) return '';
  if (low !== null && high !== null) return `${limit(key, low)} to ${limit(key, high)}`;
  return low !== null ? `at least ${limit(key, low)}` : `at most ${limit(key, high)}`;
}

/// What is wrong with a value, '' if nothing is seen from here. Limits of durations are in milliseconds.
export function faultOf(key, value) {
  if (value.includes('${')) return '';
  if (value === '') return 'a value is missing';
  const list = key.values ?? [];
  if (list.length && !key.repeats && !list.includes(value)) return `one of: ${list.join(', ')}`;
  if (key.type !== 'number' && key.type !== 'duration') return '';
  const time = key.type === 'duration';
  const read = time ? seconds(value) : /^\d+$/.test(value) ? Number(value) : null;
  if (read === null) return time ? 'wants a time, such as 500ms, 30s, 5m' : 'wants a whole number';
  const number = time ? read * 1000 : read;
  const low = key.minimum ?? -Infinity;
  const high = key.maximum ?? Infinity;
  return number < low || number > high ? `wants ${range(key)}` : '';
}

/// A line of facts: "duration · 10 ms to 1 d · default 2s · may be repeated".
export function facts(key) {
  const all = [key.type + (key.unit ? ` in ${key.unit}` : ''), range(key)];
  if (key.values?.length) all.push(key.values.join(' | '));
  if (key.default) all.push(`default ${key.default}`);
  if (key.repeats) all.push('may be repeated');
  return all.filter((fact) => fact !== '').join(' · ');
}
