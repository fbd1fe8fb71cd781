// SPDX-License-Identifier: Apache-2.0
// What the page knows of the server. Asked for once a second while somebody looks, and at once after an event or a
// command that may have changed something.
import { useEffect, useState } from 'preact/hooks';
import { figures, follow, look, qmp } from './api.js';

const PERIOD = 1000;
const HISTORY = 120;
const MAX_ITEMS = 1000;

export const state = {
  connected: null,
  commands: new Set(),
  version: '',
  name: '',
  status: null,
  nodes: [],
  graph: { nodes: [], edges: [] },
  drives: [],
  jobs: [],
  exports: [],
  traffic: new Map(),
  bitmaps: [],
  migration: null,
  colo: null,
  xen: null,
  items: [],
  toasts: [],
  error: null,
};

const listeners = new Set();
let scheduled = false;

export function changed() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    listeners.forEach((each) => each());
  });
}

export function useStore() {
  const [, set] = useState(0);
  useEffect(() => {
    const listener = () => set((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return state;
}

export function toast(text, kind = 'error') {
  const note = { text, kind, key: Math.random() };
  state.toasts = [...state.toasts.slice(-3), note];
  changed();
  setTimeout(() => { state.toasts = state.toasts.filter((each) => each !== note); changed(); }, 6000);
}

/** Runs a command that a button stands for. */
export async function act(command, args) {
  try {
    await qmp(command, args);
    refreshSoon(20);
  } catch (e) {
    toast(`${command}: ${e.message}`);
  }
}

// ---- queries -----------------------------------------------------------------------------------------------------

const has = (command) => state.commands.has(command);
const maybe = (command, args) => (has(command) ? look(command, args).catch(() => null) : Promise.resolve(null));

let running = false;
let again = false;
let timer = 0;

export function refreshSoon(delay = 60) {
  clearTimeout(timer);
  timer = setTimeout(refresh, delay);
}

async function refresh() {
  if (running) { again = true; return; }
  running = true;
  try {
    if (!document.hidden) await ask();
    state.error = null;
  } catch (e) {
    state.error = e.message;
  }
  running = false;
  changed();
  clearTimeout(timer);
  timer = setTimeout(refresh, again ? 50 : PERIOD);
  again = false;
}

async function ask() {
  const [status, nodes, graph, devices, stats, jobs, blockJobs, exported, traffic, migration, colo, xen] = await Promise.all([
    maybe('query-status'), maybe('query-named-block-nodes', { flat: true }), maybe('x-debug-query-block-graph'),
    maybe('query-block'), maybe('query-blockstats'), maybe('query-jobs'), maybe('query-block-jobs'),
    maybe('query-block-exports'), figures(), maybe('query-migrate'), maybe('query-colo-status'),
    maybe('query-xen-replication-status'),
  ]);
  const now = performance.now() / 1000;
  state.status = status;
  state.nodes = nodes ?? [];
  state.graph = graph ?? { nodes: [], edges: [] };
  takeTraffic(traffic.nodes, now);
  state.drives = drivesOf(devices ?? [], stats ?? [], now);
  state.jobs = jobsOf(jobs ?? [], blockJobs ?? [], now);
  const clients = new Map(traffic.exports.map((each) => [each.export, each.clients]));
  state.exports = (exported ?? []).map((each) => ({ ...each, clients: clients.get(each.id) ?? 0 }));
  state.migration = migration;
  state.colo = colo;
  state.xen = xen;
  await takeBitmaps(now);
}

function takeTraffic(figures, now) {
  const before = state.traffic;
  state.traffic = new Map(figures.map((each) => {
    const last = before.get(each.node);
    const span = last ? now - last.at : 0;
    const rate = span > 0 ? Math.max(0, each.bytes - last.bytes) / span : 0;
    return [each.node, { ...each, at: now, rate }];
  }));
}

const histories = new Map();

function drivesOf(devices, stats, now) {
  const byName = new Map(stats.map((each) => [each.device || each.qdev, each]));
  return devices.map((device) => {
    const id = device.device || device.qdev || '?';
    const figures = byName.get(device.device || device.qdev)?.stats;
    const history = histories.get(id) ?? { time: [], read: [], write: [], last: null };
    histories.set(id, history);
    if (figures && (!history.last || now - history.last.at >= 0.5)) takeSample(history, figures, now);
    return { id, device, stats: figures, history };
  });
}

function takeSample(history, figures, now) {
  const { last } = history;
  if (last) {
    const span = now - last.at;
    const per = (name) => Math.max(0, figures[name] - last.figures[name]) / span;
    history.time.push(Date.now() / 1000);
    history.read.push(per('rd_bytes'));
    history.write.push(per('wr_bytes'));
    history.readOps = per('rd_operations');
    history.writeOps = per('wr_operations');
    history.latency = latency(figures, last.figures);
    for (const line of [history.time, history.read, history.write]) if (line.length > HISTORY) line.shift();
  }
  history.last = { at: now, figures };
}

function latency(figures, before) {
  const sum = (each, name) => each[`rd_${name}`] + each[`wr_${name}`];
  const operations = sum(figures, 'operations') - sum(before, 'operations');
  const nanos = sum(figures, 'total_time_ns') - sum(before, 'total_time_ns');
  return operations > 0 ? nanos / operations / 1000 : null;
}

const speeds = new Map();

function jobsOf(jobs, blockJobs, now) {
  const details = new Map(blockJobs.map((each) => [each.device, each]));
  const seen = new Set();
  const all = jobs.map((job) => {
    seen.add(job.id);
    const progress = job['current-progress'];
    const last = speeds.get(job.id);
    const speed = last ?? { at: now, progress, rate: null };
    const span = now - speed.at;
    if (span >= 0.8) {
      const measured = Math.max(0, progress - speed.progress) / span;
      speed.rate = speed.rate == null ? measured : 0.6 * speed.rate + 0.4 * measured;
      speed.at = now;
      speed.progress = progress;
    }
    speeds.set(job.id, speed);
    return { ...job, detail: details.get(job.id), rate: speed.rate };
  });
  for (const id of speeds.keys()) if (!seen.has(id)) speeds.delete(id);
  return all;
}

let bitmapsAt = 0;
const MAX_PARTS = 8;

async function takeBitmaps(now) {
  const known = [];
  for (const node of state.nodes) {
    for (const bitmap of node['dirty-bitmaps'] ?? []) {
      if (bitmap.name) known.push({ node: node['node-name'], size: node.image['virtual-size'], ...bitmap });
    }
  }
  const before = new Map(state.bitmaps.map((each) => [`${each.node}/${each.name}`, each]));
  const stale = now - bitmapsAt >= 2;
  if (stale) bitmapsAt = now;
  state.bitmaps = await Promise.all(known.map(async (bitmap) => {
    const last = before.get(`${bitmap.node}/${bitmap.name}`);
    if (last?.extents && (!stale || last.count === bitmap.count)) return { ...bitmap, extents: last.extents };
    return { ...bitmap, extents: has('x-block-dirty-bitmap-read') ? await readBitmap(bitmap) : null };
  }));
}

async function readBitmap({ node, name }) {
  const extents = [];
  let offset = 0;
  for (let part = 0; part < MAX_PARTS; part++) {
    try {
      const read = await look('x-block-dirty-bitmap-read', { node, name, offset });
      extents.push(...read.extents);
      if (read.next == null) break;
      offset = read.next;
    } catch {
      return null;
    }
  }
  return extents;
}

// ---- the stream --------------------------------------------------------------------------------------------------

let lastKey = 0;

function take({ kind, content }) {
  const name = kind === 'event' ? content.event : content.command;
  const item = { key: ++lastKey, kind, name, content, at: content.timestamp ?? now() };
  state.items = [item, ...state.items.slice(0, MAX_ITEMS - 1)];
  changed();
  if (kind === 'event' || !name.startsWith('query-')) refreshSoon();
}

function now() {
  const millis = Date.now();
  return { seconds: Math.floor(millis / 1000), microseconds: (millis % 1000) * 1000 };
}

export function clearItems() {
  state.items = [];
  changed();
}

export async function start() {
  follow({
    item: take,
    gap: () => refreshSoon(),
    connected: (is) => { state.connected = is; changed(); },
  });
  const commands = await look('query-commands');
  state.commands = new Set(commands.map((each) => each.name));
  const version = await maybe('query-version');
  state.version = version ? `${version.package || 'qblockd'} · QEMU ${version.qemu.major}.${version.qemu.minor}.${version.qemu.micro}` : '';
  state.name = (await maybe('query-name'))?.name ?? '';
  await refresh();
  document.addEventListener('visibilitychange', () => refreshSoon(0));
}
