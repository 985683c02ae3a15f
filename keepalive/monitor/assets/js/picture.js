// The cluster as one picture: clients, directors with heartbeat lines and sync between them, services, pools, servers.
import {h} from './dom.js';
import {keeper} from './keep.js';
import {carrierNode, curve, layout, linesBetween, thickness} from './layout.js';
import {shape} from './marks.js';
import {ACTIVE, INACTIVE, NAME, OVERLAY, STATE, WEIGHT, directorOf, freshness} from './reduce.js';
import {tally, totals} from './relate.js';
import {to} from './route.js';
import {lookAt} from './store.js';
import {age, bits, counted, fitted, latency, permille, short} from './text.js';
import {serverWord, syncState, wordOf} from './words.js';

const text = (x, y, className, ...children) => h('text', {x, y, class: className}, ...children);
const box = (node, className) => h('rect', {x: node.x, y: node.y, width: node.w, height: node.h, rx: 6, class: className});
const link = (href, label, key, ...children) => h('a', {href, 'aria-label': label, key}, h('title', null, label), ...children);

/// Text on an edge, on the ground's colour so that the line does not cross it.
function label(x, y, ...rows) {
  const told = rows.filter(Boolean);
  const width = Math.max(...told.map((row) => row.length)) * 6.3 + 8;
  return h('g', {class: 'edge-label'},
    h('rect', {x: x - width / 2, y: y - told.length * 7.5, width, height: told.length * 15, rx: 3}),
    told.map((row, i) => text(x, y - told.length * 7.5 + 11 + i * 15, 'small middle', row)));
}

function clientsNode(node, sum, vertical) {
  const lines = [`${short(sum.active)} connections`, `${short(sum.cps)} new/s`];
  if (vertical) {
    return h('g', null, box(node, 'node'), text(12, 27, 'strong', 'Clients'),
      text(node.w - 12, 27, 'small end', lines.join(' · ')));
  }
  return h('g', null, box(node, 'node'), text(node.x + 12, node.y + 24, 'strong', 'Clients'),
    text(node.x + 12, node.y + 47, 'number', short(sum.active)), text(node.x + 12, node.y + 61, 'small', 'connections'),
    text(node.x + 12, node.y + 80, 'small', `${short(sum.cps)} new/s`),
    node.tells && [text(node.x + 8, node.y + 99, 'small', `in ${bits(sum.inbps)}`), text(node.x + 8, node.y + 116, 'small', `out ${bits(sum.outbps)}`)]);
}

function routerRow(node, router, i) {
  const {director} = node;
  const y = node.y + 58 + i * 22;
  const word = router.rival ? {...wordOf('vrrp', 'fault'), word: 'two masters'} : wordOf('vrrp', router.state);
  const priority = router.effective_priority === router.priority ? `${router.priority}` : `${router.effective_priority} of ${router.priority}`;
  const told = Math.max(98, 42 + word.word.length * 8.2);
  return link(to.vrrp(director.name, router.name), `virtual router ${router.name} on ${director.name}: ${word.word}, priority ${priority}`, `vrrp ${router.name}`,
    h('rect', {x: node.x + 6, y: y - 15, width: node.w - 12, height: 21, rx: 4, class: 'row'}),
    shape(word.shape, word.tone, node.x + 20, y - 4, 14),
    text(node.x + 32, y, `strong tone-${word.tone}`, word.word),
    text(node.x + told, y, 'mono', fitted(router.name, Math.floor((node.w - told - 72) / 7.3))),
    text(node.x + node.w - 14, y, 'small end', `prio ${priority}`));
}

function syncRow(node) {
  const {sync} = node.director.overview;
  const word = wordOf('sync', syncState(sync));
  const y = node.y + 58 + node.routers * 22 + (node.more > 0 ? 18 : 0);
  const roles = sync.daemons.filter((one) => one.runs).map((one) => one.role).join(' + ') || 'no daemon';
  return link(to.sync(node.director.name), `connection sync on ${node.director.name}: ${word.word}`, 'sync',
    h('rect', {x: node.x + 6, y: y - 15, width: node.w - 12, height: 21, rx: 4, class: 'row'}),
    shape(word.shape, word.tone, node.x + 20, y - 4, 12),
    text(node.x + 32, y, `tone-${word.tone}`, 'sync'), text(node.x + 98, y, 'small', roles),
    sync.lag_us !== null && text(node.x + node.w - 14, y, 'small end', `lag ${latency(sync.lag_us)}`));
}

function directorNode(node, now) {
  const {director} = node;
  const state = freshness(director, now);
  const word = wordOf('director', state);
  const routers = director.overview?.vrrp ?? [];
  const masters = routers.some((router) => router.state === 'master') && !routers.some((router) => router.rival || router.faults.length);
  const news = state === 'live' ? '' : `${word.word} · ${director.fresh ?? director.heard ? `as of ${age(director.fresh ?? director.heard, now)} ago` : 'never heard'}`;
  return h('g', {key: `director ${director.name}`, class: state === 'live' ? null : 'aged'},
    box(node, `node director ${masters && state === 'live' ? 'leads' : ''} ${state === 'live' ? '' : 'away'}`),
    link(to.director(director.name), `director ${director.name}: ${word.word}`, 'name',
      h('rect', {x: node.x + 4, y: node.y + 4, width: node.w - 8, height: 30, rx: 4, class: 'row'}),
      text(node.x + 14, node.y + 25, 'title', fitted(director.name, 18)),
      text(node.x + node.w - 14, node.y + 24, `small end ${state === 'live' ? '' : `strong tone-${word.tone}`}`, news || 'live')),
    !director.overview && text(node.x + 14, node.y + 48, 'small', fitted(director.error || 'nothing is known of it', Math.floor(node.w / 6.6))),
    director.overview?.vrrp.slice(0, node.routers).map((router, i) => routerRow(node, router, i)),
    node.more > 0 && text(node.x + 32, node.y + 54 + node.routers * 22, 'small', `and ${node.more} more virtual routers`),
    director.overview?.sync && syncRow(node));
}

/// What the two ends say of a heartbeat line, worst counts.
function lineWord(ends, now) {
  const live = ends.filter(({director}) => freshness(director, now) !== 'gone');
  const words = (live.length ? live : ends).map(({line}) => wordOf('heartbeat', line.state));
  return words.sort((one, other) => other.rank - one.rank)[0];
}

function betweenDirectors(upper, lower, lines, now) {
  const gap = lower.y - upper.y - upper.h;
  const middle = upper.y + upper.h + gap / 2;
  const sync = upper.director.overview?.sync ?? lower.director.overview?.sync;
  const all = lines.length + (sync ? 1 : 0);
  const row = (i) => middle + (i - (all - 1) / 2) * 20;
  const wires = lines.map(({name, ends}, i) => {
    const word = lineWord(ends, now);
    const x = upper.x + 18 + i * 10;
    const since = word.rank ? ` ${age(ends.find(({line}) => line.state !== 'up')?.line.since ?? null, now)}` : '';
    return h('g', {key: name}, h('path', {d: `M${x} ${upper.y + upper.h}V${lower.y}`, class: `wire tone-${word.tone} ${word.rank ? 'broken' : ''}`}),
      link(to.heartbeat(ends[0].director.name, name), `heartbeat line ${name}: ${word.word}`, 'line',
        h('rect', {x: x + 6, y: row(i) - 10, width: 200, height: 19, rx: 4, class: 'row'}),
        shape(word.shape, word.tone, x, row(i), 14), text(x + 14, row(i) + 4, 'small', 'heartbeat ', h('tspan', {class: 'mono'}, fitted(name, 12)), ' ', h('tspan', {class: `strong tone-${word.tone}`}, word.word + since))));
  });
  return [wires, sync && h('g', {key: 'sync wire'}, h('path', {d: `M${upper.x + upper.w - 24} ${upper.y + upper.h}V${lower.y}`, class: 'wire sync'}),
    text(upper.x + upper.w - 34, row(all - 1) + 4, 'small end', `sync: ${permille(sync.parity_permille)} on both`))];
}

function serviceNode(node, director) {
  const {service} = node;
  const word = wordOf('service', service.state);
  const letters = Math.floor((node.w - 44 - (word.rank ? word.word.length * 7.6 : 0)) / 8);
  const more = service.keys.length > 1 ? ` +${service.keys.length - 1}` : '';
  return link(to.service(director, service.name), `virtual service ${service.name}: ${word.word}`, `service ${service.name}`,
    box(node, `node tone-${word.tone} ${word.rank ? 'ill' : ''}`), shape(word.shape, word.tone, node.x + 16, node.y + 17, 14),
    text(node.x + 30, node.y + 21, 'strong', fitted(service.name, letters), word.rank > 0 && h('tspan', {class: `tone-${word.tone}`}, ` ${word.word}`)),
    text(node.x + 30, node.y + 38, 'mono small', fitted((service.keys[0] ?? '') + more, Math.floor((node.w - 40) / 6.7))));
}

function serverCell(node, cell, director) {
  const {server} = cell;
  const word = serverWord(server[STATE], server[OVERLAY]);
  const [x, y] = [node.x + cell.x, node.y + cell.y];
  const told = `${server[NAME]}: ${word.word}, weight ${server[WEIGHT] ?? 'none'}, ${server[ACTIVE]} active and ${server[INACTIVE]} inactive connections`;
  const tail = word.rank > 0 ? word.word : short(server[ACTIVE]);
  return link(to.server(director, node.pool.name, server[NAME]), told, server[NAME],
    h('rect', {x, y, width: cell.w, height: cell.h, rx: 4, class: `cell tone-${word.tone} ${word.rank ? 'ill' : ''}`}),
    shape(word.shape, word.tone, x + 13, y + 13, 12),
    text(x + 24, y + 17, 'mono small', fitted(node.short(server[NAME]), Math.max(4, Math.floor((cell.w - 36 - tail.length * 6.6) / 6.7)))),
    text(x + cell.w - 8, y + 17, `small end ${word.rank ? `tone-${word.tone}` : ''}`, tail));
}

function poolNode(node, director) {
  const {pool} = node;
  lookAt(pool.name);
  const {up, all, active} = tally(pool);
  const word = wordOf('pool', pool.state);
  return h('g', {key: `pool ${pool.name}`}, box(node, `node pool tone-${word.tone} ${word.rank ? 'ill' : ''}`),
    link(to.pool(director, pool.name), `pool ${pool.name}: ${up} of ${all} servers up`, 'head',
      h('rect', {x: node.x + 4, y: node.y + 3, width: node.w - 8, height: 21, rx: 4, class: 'row'}),
      text(node.x + 10, node.y + 18, 'small', 'pool ', h('tspan', {class: 'mono strong'}, fitted(pool.name, Math.min(24, Math.floor((node.w - (node.w > 330 ? 300 : 110)) / 7.4))))),
      text(node.x + node.w - 10, node.y + 18, 'small end', node.w > 330 ? `${up} of ${all} up · quorum ${pool.quorum} · ${short(active)} active` : `${up} of ${all} up`)),
    node.pips.map(({server, x, y}) => pip(serverWord(server[STATE], server[OVERLAY]), node.x + x, node.y + y, server)),
    node.cells.map((cell) => serverCell(node, cell, director)),
    pool.sorry && text(node.x + 10, node.y + node.h - 10, `small ${pool.sorry[1] ? 'strong tone-warn' : ''}`, `sorry server ${fitted(pool.sorry[0], 30)} ${pool.sorry[1] ? 'serves' : 'stands by'}`));
}

/// A server in a crowd: full while up, hollow with a stroke through when not.
function pip(word, x, y, server) {
  const well = word.rank === 0;
  return h('path', {class: `pip tone-${word.tone} ${well ? 'full' : 'hollow'}`,
    d: well ? `M${x} ${y}h8v12h-8z` : `M${x + 1} ${y + 1}h6v10h-6zM${x + 1} ${y + 11}l6 -10`}, h('title', null, `${server[NAME]}: ${word.word}`));
}

/// Lines first, then what stands on them: no line crosses a label.
function edges(cluster, plan, now) {
  const told = [...clientEdges(plan, now), ...serviceEdges(cluster, plan)];
  return [h('g', {key: 'edges'}, told.map(([line]) => line)), h('g', {key: 'labels'}, told.map(([, text]) => text ?? h('g')))];
}

function clientEdges(plan, now) {
  const sums = plan.directors.map(({director}) => totals(director));
  const most = Math.max(...sums.map((sum) => sum.cps), 0.001);
  const busiest = sums.indexOf(sums.reduce((one, other) => (other.cps > one.cps ? other : one)));
  return plan.directors.map((node, i) => {
    const {cps, inbps, outbps} = sums[i];
    const traffic = cps > 0 && freshness(node.director, now) === 'live';
    const {clients} = plan;
    const d = plan.vertical ? `M${24 + i * 12} ${clients.h}V${node.y}` : curve(clients, node);
    const line = h('path', {d, class: `edge ${traffic ? '' : 'idle'}`, 'stroke-width': traffic ? thickness(cps, most) : 1});
    if (plan.vertical) return [line, i === busiest && label(plan.width / 2 + 20, 68, `in ${bits(inbps)} · out ${bits(outbps)}`)];
    const [x, y] = [(clients.x + clients.w + node.x) / 2, (clients.y + clients.h / 2 + node.y + node.h / 2) / 2];
    return [line, traffic && !clients.tells && label(x, y, `in ${bits(inbps)}`, `out ${bits(outbps)}`)];
  });
}

function serviceEdges(cluster, plan) {
  const mostRate = Math.max(...plan.services.map(({service}) => service.rates?.[0] ?? 0), 0.001);
  const mostActive = Math.max(...plan.services.map(({service}) => service.active), 1);
  return plan.services.flatMap((node, i) => {
    const from = carrierNode(cluster, plan.directors, node.service.name);
    const told = from?.director.services.get(node.service.name) ?? node.service;
    const [cps = 0, , , inbps = 0, outbps = 0] = told.rates ?? [];
    const pool = plan.pools.find((one) => one.pool === node.pool);
    const idle = cps + inbps + outbps > 0 ? '' : 'idle';
    const leaves = from && {...from, y: from.y + (from.h - 40) * ((i + 0.5) / plan.services.length - 0.5)};
    const beside = {x: (node.x + node.w + (pool?.x ?? 0)) / 2, y: node.y + node.h / 2};
    const free = from && leaves.y + leaves.h / 2 < beside.y ? 24 : -24;  // the side of its end where the edge does not come from
    return [
      [from && h('path', {d: curve(leaves, node), class: `edge ${idle}`, 'stroke-width': thickness(cps, mostRate)}), from && !idle && label(node.x - 44, beside.y + free, cps > 0 && `${short(cps)} /s`, bits(Math.max(inbps, outbps)))],
      [pool && h('path', {d: curve(node, pool), class: `edge ${told.active ? '' : idle}`, 'stroke-width': told.active ? thickness(told.active, mostActive) : thickness(cps, mostRate)}), pool && told.active > 0 && label(beside.x, beside.y - 15, `${short(told.active)} active`)],
    ];
  });
}

const keep = keeper();

/// Where things stand changes with states, and every few seconds, since the busiest come first.
function planned(cluster, width, now) {
  const plan = keep([cluster.shape, width, Math.floor(now / 5)], () => layout(cluster, width));
  const current = (director) => directorOf(cluster, director.name) ?? director;
  for (const node of plan.directors) node.director = current(node.director);
  plan.lines = linesBetween(cluster.directors);
  return {...plan, lead: plan.lead && current(plan.lead)};
}

/// The picture at this width. `now`: the directors' time.
export function picture(cluster, width, now) {
  const plan = planned(cluster, width, now);
  const carriers = plan.directors.filter(({director}) => freshness(director, now) !== 'gone').map(({director}) => totals(director));
  const busiest = carriers.sort((one, other) => other.cps - one.cps)[0] ?? {active: 0, cps: 0, inbps: 0, outbps: 0};
  const {lead} = plan;
  const last = plan.directors.at(-1);
  return h('svg.picture', {width: plan.width + 4, height: plan.height + 4, viewBox: `-2 -2 ${plan.width + 4} ${plan.height + 4}`, role: 'group', 'aria-label': 'Picture of the cluster'},
    edges(cluster, plan, now), clientsNode(plan.clients, busiest, plan.vertical),
    plan.directors.slice(1).map((lower, i) => betweenDirectors(plan.directors[i], lower, plan.lines, now)),
    plan.directors.map((node) => directorNode(node, now)),
    plan.services.map((node) => serviceNode(node, lead.name)), plan.pools.map((node) => poolNode(node, lead.name)),
    plan.vertical && last && [h('path', {d: `M30 ${last.y + last.h}V${plan.height}`, class: 'edge', 'stroke-width': 3}), lead && text(48, last.y + last.h + 30, 'small', `${counted(lead.services.size, 'service')} below, as ${lead.name} sees them`)],
    plan.rest && link('#/?state=all', 'the other services in the list below', 'rest', box(plan.rest, 'node rest'),
      text(plan.rest.x + 14, plan.rest.y + 22, 'small', `and ${counted(plan.rest.more, 'service')} more, ${plan.rest.troubled ? `${plan.rest.troubled} of them troubled` : 'all well'}: in the list below`)));
}

