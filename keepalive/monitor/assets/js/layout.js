// Where things stand in the picture of the cluster: clients, directors, services, pools with their servers. Numbers
// only, in pixels; picture.js draws them.
import {NAME, OVERLAY, STATE} from './reduce.js';
import {carrier, leader, rankOf, servicesOf} from './relate.js';
import {serverWord} from './words.js';

const WIDE = 900;  // narrower: one column, without services, which the list below shows
const MOST_SERVICES = 8;
const MOST_ROUTERS = 5;
const MOST_CELLS = 9;
const MOST_ILL = 2;  // in a row, of a crowd
const CELL = {w: 120, h: 26, gap: 6};
const PIP = 11;

/// Pools to draw with their services, troubled ones first, then busy ones: {bands: [{pool, services}], more, troubled}.
export function chosenBands(director) {
  const ranks = new Map();
  for (const service of director.services.values()) {
    const before = ranks.get(service.pool) ?? {rank: 0, active: 0};
    ranks.set(service.pool, {rank: Math.max(before.rank, rankOf(director, service)), active: before.active + service.active});
  }
  const all = [...director.services.values()].length;
  const order = [...ranks].map(([name, told]) => ({name, ...told}));
  if (all > MOST_SERVICES) order.sort((one, other) => other.rank - one.rank || other.active - one.active || (one.name < other.name ? -1 : 1));
  const bands = [];
  let left = MOST_SERVICES;
  for (const {name} of order) {
    if (left <= 0) break;
    const services = servicesOf(director, name).slice(0, left);
    left -= services.length;
    bands.push({pool: director.pools.get(name) ?? null, services});
  }
  const drawn = new Set(bands.flatMap((band) => band.services.map((service) => service.name)));
  const rest = [...director.services.values()].filter((service) => !drawn.has(service.name));
  return {bands, more: rest.length, troubled: rest.filter((service) => rankOf(director, service) > 0).length};
}

/// Names without the port that all servers of the pool have.
export function shortNames(pool) {
  const port = /:\d+$/.exec(pool.servers[0]?.[NAME] ?? '')?.[0];
  const common = port && pool.servers.every((server) => server[NAME].endsWith(port));
  return (name) => (common ? name.slice(0, -port.length) : name);
}

/// A pool's servers as cells while they are few; else a row of pips and cells for the ones to look at.
export function cellsOf(pool, width) {
  const fit = Math.max(1, Math.floor((width - 16 + CELL.gap) / (CELL.w + CELL.gap)));
  const many = pool.servers.length > MOST_CELLS;
  const ill = pool.servers.filter((one) => serverWord(one[STATE], one[OVERLAY]).rank > 0);
  const named = many ? ill.slice(0, 2 * MOST_ILL) : pool.servers;
  const columns = many ? Math.min(fit, MOST_ILL) : Math.ceil(named.length / Math.max(1, Math.ceil(named.length / fit)));
  const perRow = Math.floor((width - 16) / PIP);
  const pipRows = many ? Math.ceil(pool.servers.length / perRow) : 0;
  const top = 28 + pipRows * 16 + (many && named.length ? 4 : 0);
  const w = (width - 16 - CELL.gap * (columns - 1)) / columns;
  const cells = named.map((server, i) => ({
    server, w, h: CELL.h, x: 8 + (i % columns) * (w + CELL.gap), y: top + Math.floor(i / columns) * (CELL.h + CELL.gap),
  }));
  const pips = many ? pool.servers.map((server, i) => ({server, x: 8 + (i % perRow) * PIP, y: 30 + Math.floor(i / perRow) * 16})) : [];
  const rows = Math.ceil(named.length / columns);
  const height = top + rows * (CELL.h + CELL.gap) - (rows ? CELL.gap : 0) + (pool.sorry ? 20 : 0) + 8;
  return {cells, pips, height};
}

/// The lines between two directors, one entry for each name: {name, ends: [{director, line}]}.
export function linesBetween(directors) {
  const by = new Map();
  for (const director of directors) {
    for (const line of director.overview?.heartbeats ?? []) {
      by.set(line.name, [...(by.get(line.name) ?? []), {director, line}]);
    }
  }
  return [...by].map(([name, ends]) => ({name, ends}));
}

function stackDirectors(directors, x, w, lines) {
  const between = Math.max(48, 22 + 20 * (lines + 1));
  let y = 0;
  return directors.map((director) => {
    const routers = Math.min(director.overview?.vrrp.length ?? 0, MOST_ROUTERS);
    const more = (director.overview?.vrrp.length ?? 0) - routers;
    const h = 44 + routers * 22 + (more > 0 ? 18 : 0) + (director.overview?.sync ? 22 : 0) + (director.overview ? 4 : 14);
    const node = {director, x, y, w, h, routers, more};
    y += h + between;
    return node;
  });
}

function stackBands(bands, services, pools) {
  let y = 0;
  const nodes = {services: [], pools: []};
  for (const {pool, services: list} of bands) {
    const cells = pool ? cellsOf(pool, pools.w) : {cells: [], pips: [], height: 0};
    const tall = list.length * 56 - 8;
    const h = Math.max(tall, cells.height);
    list.forEach((service, i) => nodes.services.push({service, pool, x: services.x, w: services.w, h: 48, y: y + (h - tall) / 2 + i * 56}));
    if (pool) nodes.pools.push({pool, short: shortNames(pool), ...cells, x: pools.x, w: pools.w, h: cells.height, y: y + (h - cells.height) / 2});
    y += h + 14;
  }
  return {...nodes, height: Math.max(0, y - 14)};
}

const bottom = (nodes) => nodes.reduce((low, node) => Math.max(low, node.y + node.h), 0);
const shift = (nodes, by) => nodes.forEach((node) => (node.y += by));

/// {width, height, clients, directors, services, pools, rest, lines, vertical}
export function layout(cluster, width) {
  const lines = linesBetween(cluster.directors);
  const lead = leader(cluster);
  if (width < WIDE) {
    const directors = stackDirectors(cluster.directors, 0, width, lines.length);
    shift(directors, 92);
    return {width, height: bottom(directors) + 52, clients: {x: 0, y: 0, w: width, h: 44}, directors, services: [], pools: [], rest: null, lines, lead, vertical: true};
  }
  const big = width >= 1200;
  const x = big ? {directors: 216, services: 630, pools: 940} : {directors: 146, services: 468, pools: 690};
  const w = {clients: big ? 112 : 104, directors: big ? 300 : 232, services: big ? 222 : 172};
  const directors = stackDirectors(cluster.directors, x.directors, w.directors, lines.length);
  const chosen = lead?.overview ? chosenBands(lead) : {bands: [], more: 0, troubled: 0};
  const stacked = stackBands(chosen.bands, {x: x.services, w: w.services}, {x: x.pools, w: width - x.pools});
  const rest = chosen.more ? {x: x.services, w: width - x.services, h: 34, y: stacked.height + 14, more: chosen.more, troubled: chosen.troubled} : null;
  const right = rest ? rest.y + rest.h : stacked.height;
  const height = Math.max(bottom(directors), right, 120);
  shift(directors, (height - bottom(directors)) / 2);
  const down = (height - right) / 2;
  shift([...stacked.services, ...stacked.pools, ...(rest ? [rest] : [])], down);
  const tall = big ? 92 : 126;
  const clients = {x: 0, w: w.clients, h: tall, y: (height - tall) / 2, tells: !big};
  return {width, height, clients, directors, services: stacked.services, pools: stacked.pools, rest, lines, lead, vertical: false};
}

/// A curve from the right of one node to the left of another; or down from one to the next.
export function curve(from, to, vertical = false) {
  if (vertical) return `M${from.x + from.w / 2} ${from.y + from.h}V${to.y}`;
  const [x1, y1, x2, y2] = [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/// How thick an edge is: 1 to 9 pixels by its share, more for little than a straight line would give.
export const thickness = (value, most) => (most > 0 && value > 0 ? 1 + 8 * Math.sqrt(Math.min(1, value / most)) : 1);

/// The director node that carries this service.
export const carrierNode = (cluster, nodes, service) => {
  const found = carrier(cluster, service);
  return nodes.find((node) => node.director === found) ?? null;
};
