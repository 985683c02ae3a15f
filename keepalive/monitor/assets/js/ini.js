// The configuration's text: what stands where, and edits that leave comments, order and blanks as they are.
// The rules are those of keepalive.conf(5): `[kind name]`, `key = value`, comments behind ` ;` or ` #`.

const blank = (letter) => letter === ' ' || letter === '\t';

/// Where the comment of a value begins, quotes counted; its length if it has none.
function commentStart(text) {
  let quoted = false;
  for (let i = 0; i < text.length; ++i) {
    if (text[i] === '"') quoted = !quoted;
    const mark = text[i] === ';' || text[i] === '#';
    if (mark && !quoted && (i === 0 || blank(text[i - 1]))) return i;
  }
  return text.length;
}

/// One line: {kind: 'blank' | 'comment' | 'section' | 'entry' | 'fault', …}
export function readLine(raw) {
  const text = raw.trim();
  if (text === '') return {kind: 'blank'};
  if (text[0] === ';' || text[0] === '#') return {kind: 'comment'};
  if (text[0] === '[') {
    const found = /^\[\s*([^\s\]]*)\s*([^\]]*?)\s*\]/.exec(text);
    return found ? {kind: 'section', section: found[1], name: found[2]} : {kind: 'fault'};
  }
  const equals = raw.indexOf('=');
  const key = raw.slice(0, Math.max(equals, 0)).trim();
  if (!/^[\w.-]+$/.test(key)) return {kind: 'fault'};
  const tail = raw.slice(equals + 1);
  const start = equals + 1 + (tail.length - tail.trimStart().length);
  const value = raw.slice(start, start + commentStart(raw.slice(start))).trimEnd();
  return {kind: 'entry', key, equals, start, end: start + value.length, value: unquoted(value)};
}

const unquoted = (value) => (/^"[^"]*"$/.test(value) ? value.slice(1, -1) : value);

function quoted(value) {
  const needs = value !== value.trim() || commentStart(value) !== value.length;
  return needs && !value.includes('"') ? `"${value}"` : value;
}

/// {lines: [raw], sections: [{kind, name, line, end, entries: [{key, value, line}]}]}; `end` is behind its last entry.
export function parse(text) {
  const lines = text.split('\n');
  const sections = [];
  lines.forEach((raw, line) => {
    const read = readLine(raw);
    if (read.kind === 'section') {
      sections.push({kind: read.section, name: read.name, line, end: line + 1, entries: []});
    } else if (read.kind === 'entry' && sections.length) {
      const section = sections.at(-1);
      section.entries.push({key: read.key, value: read.value, line});
      section.end = line + 1;
    }
  });
  return {lines, sections};
}

export const findSection = (parsed, kind, name) =>
  parsed.sections.find((section) => section.kind === kind && section.name === name) ?? null;

function replaced(text, from, count, ...lines) {
  const all = text.split('\n');
  all.splice(from, count, ...lines);
  return all.join('\n');
}

/// The value of the entry at this line; its comment keeps its column where there is room.
export function withValue(text, line, value) {
  const raw = text.split('\n')[line];
  const read = readLine(raw);
  if (read.kind !== 'entry') return text;
  const rest = raw.slice(read.end);
  const head = raw.slice(0, read.start) + (raw[read.start - 1] === '=' ? ' ' : '') + quoted(value);
  if (rest.trim() === '') return replaced(text, line, 1, head);
  return replaced(text, line, 1, `${head.padEnd(raw.length - rest.trimStart().length - 1)} ${rest.trimStart()}`);
}

/// A new entry: behind the last one of the same key, else the section's last; `=` below the neighbours'.
export function withEntry(text, kind, name, key, value) {
  const parsed = parse(text);
  const section = findSection(parsed, kind, name);
  if (!section) return text;
  const same = section.entries.findLast((entry) => entry.key === key);
  const column = Math.max(0, ...section.entries.map((entry) => readLine(parsed.lines[entry.line]).equals)) - 1;
  return replaced(text, same ? same.line + 1 : section.end, 0, `${key.padEnd(column)} = ${quoted(value)}`);
}

export const withoutLine = (text, line) => replaced(text, line, 1);

/// A new section at the end, a blank line before it.
export function withSection(text, kind, name) {
  const head = name ? `[${kind} ${name}]` : `[${kind}]`;
  const body = text.replace(/\n*$/, '');
  return body === '' ? `${head}\n` : `${body}\n\n${head}\n`;
}

export function renamed(text, kind, name, other) {
  const parsed = parse(text);
  const section = findSection(parsed, kind, name);
  if (!section) return text;
  const raw = parsed.lines[section.line];
  return replaced(text, section.line, 1, `[${kind} ${other}]${raw.slice(raw.indexOf(']') + 1)}`);
}

/// Without the section and the comments that stand right above its head.
export function withoutSection(text, kind, name) {
  const {lines, sections} = parse(text);
  const section = sections.find((one) => one.kind === kind && one.name === name);
  if (!section) return text;
  let first = section.line;
  while (first > 0 && readLine(lines[first - 1]).kind === 'comment') --first;
  let last = section.end;
  while (last < lines.length - 1 && readLine(lines[last]).kind === 'blank') ++last;
  return replaced(text, first, last - first);
}

/// Where an offset of the text stands: {line, column, section, name, key, inValue}; section null before the first.
export function placeOf(text, offset) {
  const line = text.slice(0, offset).split('\n').length - 1;
  const lines = text.split('\n', line + 1);
  const column = offset - (text.lastIndexOf('\n', offset - 1) + 1);
  const place = {line, column, section: null, name: '', key: null, inValue: false};
  for (let above = line; above >= 0; --above) {
    const read = readLine(lines[above]);
    if (read.kind !== 'section') continue;
    Object.assign(place, {section: read.section, name: read.name});
    break;
  }
  const end = text.indexOf('\n', offset);
  const raw = text.slice(offset - column, end < 0 ? undefined : end);
  const read = readLine(raw);
  if (read.kind === 'entry') Object.assign(place, {key: read.key, inValue: column > read.equals});
  else if (read.kind === 'fault') place.key = raw.trim();
  return place;
}
