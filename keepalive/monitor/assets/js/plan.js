// What a draft would do: faults or the exact edits of the kernel's table; and putting it into force.
import {hindered} from './act.js';
import {difference} from './difference.js';
import {ask} from './dialog.js';
import {h, say} from './dom.js';
import {apply, check, discard, edited, extentOf, hasErrors, isDirty, originalOf, textOf} from './draft.js';
import {button, field, nothing, refusal, select} from './parts.js';
import {changed} from './store.js';
import {counted, span} from './text.js';
import {named} from './words.js';

const kinds = {
  add_service: ['+', 'adds service', 'add'], edit_service: ['~', 'edits service', 'edit'], remove_service: ['−', 'removes service', 'del'],
  add_destination: ['+', 'adds server', 'add'], edit_destination: ['~', 'edits server', 'edit'], remove_destination: ['−', 'removes server', 'del'],
};

const MOST = 500;

/// The plan in one line.
function summary(plan) {
  const parts = [counted(plan.changes.length, 'edit') + ' of the kernel\'s table'];
  if (plan.settings.length) parts.push(counted(plan.settings.length, 'kernel setting'));
  if (plan.rules) parts.push('packet marking rules are written');
  const added = typeof plan.probes_added === 'number' ? plan.probes_added : plan.probes_added?.length ?? 0;
  const dropped = typeof plan.probes_dropped === 'number' ? plan.probes_dropped : plan.probes_dropped?.length ?? 0;
  if (added || dropped) parts.push(`${counted(added, 'probe')} more, ${dropped} fewer`);
  return parts.join(' · ');
}

/// The edits one by one.
function planList(plan) {
  return [h('p.strong', {key: 'sum'}, summary(plan)),
    h('ul.plan', {key: 'list'}, plan.changes.slice(0, MOST).map((one, i) => {
      const [sign, word, className] = named(kinds, one.change) ?? ['·', one.change, 'edit'];
      return h('li', {key: i, class: className}, h('span.sign', {'aria-hidden': 'true'}, sign), h('span.word', null, word), ' ', h('code', null, one.text));
    }), plan.settings.map((text) => h('li', {key: text, class: 'edit'}, h('span.sign', {'aria-hidden': 'true'}, '~'), h('span.word', null, 'setting'), ' ', h('code', null, typeof text === 'string' ? text : JSON.stringify(text))))),
    plan.changes.length > MOST && h('p.hint', {key: 'more'}, `and ${plan.changes.length - MOST} more`)];
}

const windows = [['', 'no: keep it in force'], ['30', 'within 30 s'], ['60', 'within 1 min'], ['300', 'within 5 min'], ['900', 'within 15 min'], ['3600', 'within 1 h']];

function applyDialog(draft, done) {
  const given = {comment: draft.note, confirm: '60'};
  const {added, removed} = extentOf(draft);
  const removes = (draft.checked?.plan?.changes ?? []).filter((one) => one.change.startsWith('remove')).length;
  ask({
    title: `Put the configuration into force on ${draft.director}?`, verb: 'Apply',
    grave: () => removes > 0,
    lines: () => [
      `${counted(added, 'line')} added, ${removed} removed in ${edited(draft).join(', ') || 'no file'}.`,
      draft.checked?.plan ? `${summary(draft.checked.plan)}.` : 'There is no plan: the kernel\'s table could not be read.',
      ...(removes ? [`${counted(removes, 'edit')} take a service or server out of the table: their connections end.`] : []),
      given.confirm ? `If nobody confirms within ${span(Number(given.confirm))}, the version before comes back by itself.` : 'It stays in force; versions before can be rolled back to by hand.',
    ],
    able: () => (given.comment.trim() === '' ? 'Say what this change is for.' : ''),
    body: () => [
      field('What is it for', h('input', {id: 'comment', value: given.comment, maxlength: 200, autocomplete: 'off', 'data-first': true, oninput: (event) => {
        given.comment = event.target.value;
        changed();
      }}), 'Stands in the list of versions.'),
      field('Ask for confirmation', select(windows, given.confirm, (value) => {
        given.confirm = value;
        changed();
      }, {id: 'confirm'})),
    ],
    act: async () => {
      const answer = await apply(draft, given.comment.trim(), given.confirm ? Number(given.confirm) : null);
      done(answer);
      say(`Version ${answer.version} is in force on ${draft.director}.`);
    },
  });
}

/// The bar below the editor: state of the draft, check, apply.
export function draftBar(draft, done) {
  const dirty = isDirty(draft);
  const {added, removed} = dirty ? extentOf(draft) : {added: 0, removed: 0};
  const why = hindered('configure');
  const errors = (draft.checked?.diagnostics ?? []).filter((one) => one.level === 'error').length;
  const ready = dirty && draft.checked && !draft.outdated && !hasErrors(draft) && !why;
  const told = draft.checking ? 'Checking …' : draft.outdated ? 'Not checked yet' : errors ? counted(errors, 'error') : draft.checked ? 'No error' : '';
  return h('div.draft-bar', {key: 'bar'},
    h('span', {role: 'status'}, dirty ? `Edited: +${added} −${removed} lines. ` : 'As it is in force. ', h('span', {class: errors ? 'complaint' : 'faint'}, told)),
    why ? h('span.hint', null, why) : h('span.deeds', null,
      dirty && button('Discard edits', () => ask({title: 'Discard the edits?', verb: 'Discard', grave: () => true, lines: () => [`+${added} −${removed} lines of ${draft.director} are lost.`], act: async () => discard(draft)})),
      button('Check', () => check(draft), {disabled: draft.checking}),
      button('Apply …', () => applyDialog(draft, done), {class: 'main', disabled: !ready})));
}

/// Plan and difference of a draft that was checked.
export function planPanel(draft) {
  if (draft.checkFault) return refusal(draft.checkFault, () => check(draft));
  if (!isDirty(draft)) return nothing('Edit the text or the forms: the plan appears here before anything is done.');
  if (hasErrors(draft)) return nothing('The plan appears when no error is left.');
  if (!draft.checked) return nothing('Waiting for the check.');
  return [draft.checked.plan ? planList(draft.checked.plan) : nothing('The director could not make a plan.'),
    edited(draft).map((path) => h('details', {key: path, open: true}, h('summary', null, `Text of ${path}`), difference(originalOf(draft, path), textOf(draft, path), ['in force', 'edited'])))];
}
