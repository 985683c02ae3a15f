// The page of a director: what it is, what it holds, what its doctor finds.
import {get, of} from './api.js';
import {h} from './dom.js';
import {badge, stateBadge} from './marks.js';
import {nothing, panel, refusal, table, waiting} from './parts.js';
import {freshness} from './reduce.js';
import {totals} from './relate.js';
import {to} from './route.js';
import {now} from './store.js';
import {age, bits, count, short, when} from './text.js';
import {syncState, wordOf} from './words.js';

function findings(asked) {
  const columns = [
    {name: 'Level', cell: (one) => stateBadge('level', one.level)},
    {name: 'What', class: 'evidence', cell: (one) => one.what}, {name: 'Where', class: 'mono', cell: (one) => one.where},
    {name: 'Remedy', class: 'evidence mono', cell: (one) => one.remedy},
  ];
  const told = asked.value?.findings;
  return panel('Doctor', {key: 'doctor'}, refusal(asked.fault, asked.refresh),
    told ? (told.length ? table('What stops traffic', columns, told, (one) => one.what) : nothing('The doctor finds nothing that stops traffic.')) : !asked.fault && waiting('what the doctor finds'));
}

function routers(director) {
  const columns = [
    {name: 'Virtual router', cell: (one) => h('a', {href: to.vrrp(director.name, one.name)}, one.name)},
    {name: 'State', cell: (one) => stateBadge('vrrp', one.state)}, {name: 'For', cell: (one) => age(one.since, now())},
    {name: 'Priority', numeric: true, cell: (one) => one.effective_priority}, {name: 'Addresses', numeric: true, cell: (one) => count(one.address_count)},
    {name: 'Interface', class: 'mono', cell: (one) => one.interface}, {name: 'Cause', class: 'evidence', cell: (one) => one.cause},
  ];
  const told = director.overview.vrrp;
  return panel('Virtual routers', {key: 'vrrp'}, told.length ? table('Virtual routers', columns, told, (one) => one.name) : nothing('It has no virtual router.'));
}

export const directorPage = {
  kind: 'director',
  find: (director) => director,
  title: (names, director) => director,
  word: (director) => wordOf('director', freshness(director, now())),
  details: (director) => get(of(director, 'doctor')),
  every: 30000,
  facts: (director) => {
    const {config, sync, heartbeats, version, router_id, generation} = director.overview;
    const sum = totals(director);
    return [
      ['Calls itself', router_id], ['Version', version], ['Reached', director.local ? 'directly: the monitor runs here' : director.reachable ? 'through the monitor' : director.error],
      ['Heard', `${age(director.fresh ?? director.heard, now())} ago`],
      ['Configuration', h('span', null, h('a', {href: to.config(director.name)}, config.path), `, generation ${generation}, in effect since ${when(config.loaded, now())}`)],
      ['File refused', config.fault && badge(wordOf('level', 'warning'), config.fault)],
      ['Active', count(sum.active)], ['New a second', short(sum.cps)], ['Traffic', `in ${bits(sum.inbps)}, out ${bits(sum.outbps)}`],
      ['Services', h('a', {href: to.cluster()}, `${count(director.services.size)} services, ${count(director.servers.size)} servers`)],
      ['Heartbeat lines', heartbeats.length > 0 && h('ul.bare', null, heartbeats.map((one) => h('li', {key: one.name}, h('a', {href: to.heartbeat(director.name, one.name)}, one.name), ' ', stateBadge('heartbeat', one.state))))],
      ['Connection sync', sync && h('span', null, h('a', {href: to.sync(director.name)}, 'sync'), ' ', stateBadge('sync', syncState(sync)))],
    ];
  },
  body: (thing, director, {details}) => [routers(director), findings(details)],
};
