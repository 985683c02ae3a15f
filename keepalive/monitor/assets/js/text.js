// Numbers, times and sizes as text, the same everywhere on the page.

const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];

/// 8040 -> "2 h 14 min": two units at most, whole seconds.
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0 s';
  const [unit, size] = units[first];
  const text = `${Math.floor(whole / size)} ${unit}`;
  const next = units[first + 1];
  const rest = next ? Math.floor((whole % size) / next[1]) : 0;
  return rest ? `${text} ${rest} ${next[0]}` : text;
}

/// 73 -> "1:13", of a count-down.
export function countdown(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/// RFC 3339, epoch seconds or null -> epoch seconds or null.
export function epoch(time) {
  if (time === null || time === undefined || time === '') return null;
  if (typeof time === 'number') return time;
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? null : parsed / 1000;
}

const two = (number) => String(number).padStart(2, '0');

/// The clock of this browser's zone: "14:03:07".
export function clock(time) {
  const at = epoch(time);
  if (at === null) return '–';
  const date = new Date(at * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/// "2026-11-24 14:03:07".
export function moment(time) {
  const at = epoch(time);
  if (at === null) return '–';
  const date = new Date(at * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(at)}`;
}

/// A sentence with its times as this browser's zone has them.
export function local(sentence) {
  return sentence.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) => moment(time));
}

/// Today the clock alone, else the date, too.
export function when(time, now) {
  const at = epoch(time);
  if (at === null) return '–';
  const same = new Date(at * 1000).toDateString() === new Date(now * 1000).toDateString();
  return same ? clock(at) : moment(at);
}

/// "2 h 14 min".
export function age(time, now) {
  const at = epoch(time);
  return at === null ? '–' : span(now - at);
}

const grouped = new Intl.NumberFormat('en', {maximumFractionDigits: 0});

/// 12345 -> "12,345".
export function count(number) {
  return number === null || number === undefined ? '–' : grouped.format(number);
}

/// Three digits at most: 1234567 -> "1.23 M".
export function short(number) {
  if (number === null || number === undefined || Number.isNaN(number)) return '–';
  const steps = [['G', 1e9], ['M', 1e6], ['k', 1e3]];
  const step = steps.find(([, size]) => Math.abs(number) >= size * 0.9995);
  if (!step) return Number.isInteger(number) ? String(number) : String(Number(number.toPrecision(3)));
  return `${Number((number / step[1]).toPrecision(3))} ${step[0]}`;
}

/// Bytes a second -> "48.2 Mbit/s".
export function bits(bytes) {
  if (bytes === null || bytes === undefined) return '–';
  const text = short(bytes * 8);
  return text.includes(' ') ? `${text}bit/s` : `${text} bit/s`;
}

/// Microseconds -> "850 µs", "12.3 ms", "1.2 s".
export function latency(us) {
  if (us === null || us === undefined) return '–';
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1e6) return `${Number((us / 1000).toPrecision(3))} ms`;
  return `${Number((us / 1e6).toPrecision(3))} s`;
}

/// 999 of 1000 -> "99.9 %".
export function permille(value) {
  return value === null || value === undefined ? '–' : `${(value / 10).toFixed(1)} %`;
}

/// counted(1, 'server') -> "1 server"; counted(2, 'address', 'addresses').
export function counted(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/// Cut in the middle, where names differ least: "frontend-…-17".
export function fitted(text, letters) {
  const all = [...String(text)];
  if (all.length <= letters) return all.join('');
  if (letters < 5) return `${all.slice(0, Math.max(0, letters - 1)).join('')}…`;
  const tail = Math.floor((letters - 1) / 3);
  return `${all.slice(0, letters - 1 - tail).join('')}…${all.slice(all.length - tail).join('')}`;
}

const factors = {ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86400, '': 1};

/// "5m" -> 300 s, "90" -> 90 s, as the configuration takes times; null: no time.
export function seconds(text) {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d|)$/.exec(String(text).trim());
  return found ? Number(found[1]) * factors[found[2]] : null;
}
