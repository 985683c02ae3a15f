// The last versions of a configuration: who, when, what for, what differs; and back to one of them.
import {hindered} from './act.js';
import {difference} from './difference.js';
import {ask} from './dialog.js';
import {h} from './dom.js';
import {rollBack, versionOf} from './draft.js';
import {button, field, nothing, panel, refusal, select, table, waiting} from './parts.js';
import {to} from './route.js';
import {source} from './source.js';
import {changed, now} from './store.js';
import {age, moment} from './text.js';

const windows = [['', 'no'], ['60', 'within 1 min'], ['300', 'within 5 min']];

function rollDialog(draft, version, done) {
  const given = {confirm: ''};
  ask({
    title: `Roll ${draft.director} back to version ${version.number}?`, verb: 'Roll back', grave: () => true,
    lines: () => [`What ${version.by} put into force on ${moment(version.time)} (“${version.comment}”) is in force again, as a new version.`,
      'Services and servers that it does not have leave the kernel\'s table; their connections end.'],
    body: () => field('Ask for confirmation', select(windows, given.confirm, (value) => {
      given.confirm = value;
      changed();
    }, {id: 'confirm'})),
    act: async () => done(await rollBack(draft.director, version.number, given.confirm ? Number(given.confirm) : null)),
  });
}

function list(page, draft, done) {
  const why = hindered('configure');
  const {versions} = draft.told;
  const newest = versions[0]?.number;
  const columns = [
    {name: 'Version', cell: (one) => h('a', {href: to.config(draft.director, 'versions', one.number), 'aria-current': String(one.number) === page.number ? 'true' : null}, `version ${one.number}`)},
    {name: 'When', cell: (one) => `${moment(one.time)}, ${age(one.time, now())} ago`}, {name: 'Who', cell: (one) => one.by},
    {name: 'What for', class: 'evidence', cell: (one) => one.comment},
    {name: '', cell: (one) => (one.number === newest ? 'in force' : why ? null : button('Roll back …', () => rollDialog(draft, one, done), {'aria-label': `Roll back to version ${one.number}`}))},
  ];
  return panel('Versions', {key: 'versions'}, versions.length ? table('Versions, newest first', columns, versions, (one) => one.number) : nothing('No version is kept yet.'), why && h('p.hint', null, why));
}

/// What one version changed: the texts of it and of the one before.
function shown(page, draft) {
  if (!page.number) return h('p.nothing', {key: 'none'}, 'Choose a version to see what it changed.');
  const {value, fault, refresh} = page.pair;
  const {versions} = draft.told;
  const number = Number(page.number);
  const others = versions.filter((one) => one.number !== number);
  const body = value && value[1].files.map((file) => h('div', {key: file.path}, h('h3.mono', null, file.path),
    difference(value[0]?.files.find((one) => one.path === file.path)?.text ?? '', file.text, [value[0] ? `version ${page.against}` : 'nothing', `version ${number}`])));
  return panel(`Version ${number}`, {key: 'shown'},
    others.length > 0 && field('Beside version', select(others.map((one) => [String(one.number), `${one.number}: ${one.comment}`]), String(page.against), (other) => compare(page, draft, other), {id: 'beside'})),
    refusal(fault, refresh), body ?? (!fault && waiting('both texts')));
}

function compare(page, draft, other) {
  page.pair?.stop();
  page.against = other;
  page.pair = source(() => Promise.all([other ? versionOf(draft.director, other) : null, versionOf(draft.director, page.number)]));
  changed();
}

/// page: {number}; draws list and difference.
export function versions(page, draft, done) {
  if (page.number && page.shown !== page.number) {
    page.shown = page.number;
    const before = draft.told.versions.find((one) => one.number < Number(page.number));
    compare(page, draft, before ? String(before.number) : '');
  }
  return [list(page, draft, done), shown(page, draft)];
}
