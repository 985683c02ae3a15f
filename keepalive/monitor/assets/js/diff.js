// The difference of two texts by lines (Myers, "An O(ND) Difference Algorithm", 1986), and taking parts of it over.

const MOST_EDITS = 1000;

/// The steps back from the end of the search: pairs of equal lines, in order.
function pairs(trace, left, right) {
  const found = [];
  let [x, y] = [left.length, right.length];
  for (let d = trace.length - 1; d >= 0; --d) {
    const reach = (k) => trace[d].get(k) ?? -1;
    const k = x - y;
    const down = k === -d || (k !== d && reach(k - 1) < reach(k + 1));
    const from = down ? k + 1 : k - 1;
    const startX = d === 0 ? 0 : reach(from);
    const startY = d === 0 ? 0 : startX - from;
    while (x > startX && y > startY) found.push([--x, --y]);
    [x, y] = [startX, startY];
  }
  return found.reverse();
}

function common(left, right) {
  const reach = new Map([[1, 0]]);
  const trace = [];
  for (let d = 0; d <= Math.min(left.length + right.length, MOST_EDITS); ++d) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? reach.get(k + 1) : reach.get(k - 1) + 1;
      while (x < left.length && x - k < right.length && left[x] === right[x - k]) ++x;
      reach.set(k, x);
      if (x >= left.length && x - k >= right.length) return pairs(trace, left, right);
    }
  }
  return [];  // too different to be worth the search
}

const folder = (path) => path.slice(0, path.lastIndexOf('/') + 1);

/// The files of two configurations that are each other's, as [ours, theirs], and those of ours that are alone. The first
/// are each other's wherever they are; others by their path, whole or from the folder of the first.
export function paired(ours, theirs) {
  const at = (files, path) => (path.startsWith(folder(files[0].path)) ? path.slice(folder(files[0].path).length) : path);
  const match = (path, i) => (i === 0 ? theirs[0] : theirs.slice(1).find((one) => one.path === path || at(theirs, one.path) === at(ours, path)));
  const pairs = ours.map(({path}, i) => [path, match(path, i)?.path]);
  return {pairs: pairs.filter(([, there]) => there), alone: pairs.filter(([, there]) => !there).map(([path]) => path)};
}

const KEPT = 6;
let kept = [];  // the last answers: pages that are drawn often ask the same again

/// Rows in order: {kind: 'same' | 'del' | 'add', text, left, right}, line numbers from 0 or null.
export function differences(before, after) {
  const known = kept.find((one) => one.before === before && one.after === after);
  if (known) return known.rows;
  const rows = compared(before, after);
  kept = [{before, after, rows}, ...kept].slice(0, KEPT);
  return rows;
}

function compared(before, after) {
  const [left, right] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) ++head;
  let tail = 0;
  while (tail < Math.min(left.length, right.length) - head && left.at(-1 - tail) === right.at(-1 - tail)) ++tail;
  const inner = common(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  const same = [
    ...Array.from({length: head}, (_, i) => [i, i]),
    ...inner.map(([x, y]) => [x + head, y + head]),
    ...Array.from({length: tail}, (_, i) => [left.length - tail + i, right.length - tail + i]),
  ];
  const rows = [];
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of [...same, [left.length, right.length]]) {
    for (; x < nextX; ++x) rows.push({kind: 'del', text: left[x], left: x, right: null});
    for (; y < nextY; ++y) rows.push({kind: 'add', text: right[y], left: null, right: y});
    if (x < left.length && y < right.length) rows.push({kind: 'same', text: left[x], left: x++, right: y++});
  }
  return rows;
}

/// Parts with a change and `context` equal lines around: [{from, to}] places in `rows`, `to` behind the last.
export function hunks(rows, context = 3) {
  const found = [];
  rows.forEach((row, place) => {
    if (row.kind === 'same') return;
    const from = Math.max(0, place - context);
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.min(rows.length, place + context + 1);
    else found.push({from, to: Math.min(rows.length, place + context + 1)});
  });
  return found;
}

/// The text before, with the changes of the chosen hunks (their numbers) only.
export function taken(rows, parts, chosen) {
  const inside = (place) => parts.findIndex((part) => place >= part.from && place < part.to);
  return rows
    .filter((row, place) => row.kind === 'same' || (row.kind === 'add') === chosen.has(inside(place)))
    .map((row) => row.text).join('\n');
}

/// {added, removed} lines.
export function extent(rows) {
  const number = (kind) => rows.filter((row) => row.kind === kind).length;
  return {added: number('add'), removed: number('del')};
}
