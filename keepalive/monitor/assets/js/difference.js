// The difference of two texts as lines with signs; parts of it may be chosen.
import {differences, extent, hunks} from './diff.js';
import {h} from './dom.js';
import {nothing} from './parts.js';
import {counted} from './text.js';

const signs = {same: ' ', add: '+', del: '−'};
const spoken = {add: 'added: ', del: 'removed: '};

function line(row, i) {
  return h('div', {key: i, class: row.kind}, h('span.number', {'aria-hidden': 'true'}, row.left === null ? '' : row.left + 1), h('span.number', {'aria-hidden': 'true'}, row.right === null ? '' : row.right + 1),
    h('span.sign', {'aria-hidden': 'true'}, signs[row.kind]), h('code', null, spoken[row.kind] && h('span.unseen', null, spoken[row.kind]), row.text || '\u200b'));
}

/// choose: {chosen: Set of hunks' numbers, toggle(number), context: equal lines around each} or null.
export function difference(before, after, names, choose = null) {
  const rows = differences(before, after);
  const parts = hunks(rows, choose?.context);
  if (!parts.length) return nothing(`${names[0]} and ${names[1]} are the same.`);
  const {added, removed} = extent(rows);
  return h('div.difference', null,
    h('p.hint', null, h('span.del', null, `− ${names[0]}`), ' ', h('span.add', null, `+ ${names[1]}`), ` · ${counted(removed, 'line')} removed, ${added} added`),
    parts.map((part, i) => h('div.hunk', {key: i},
      choose && h('label.choose', null, h('input', {type: 'checkbox', checked: choose.chosen.has(i), onchange: () => choose.toggle(i)}), ` take change ${i + 1} of ${parts.length}`),
      h('div.scroll', {tabindex: 0, role: 'region', 'aria-label': `Change ${i + 1}`}, h('div.rows', null, rows.slice(part.from, part.to).map((row, n) => line(row, part.from + n)))))));
}
