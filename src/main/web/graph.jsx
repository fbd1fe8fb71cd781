// SPDX-License-Identifier: Apache-2.0
// The block graph as a picture: users above, protocol nodes below, as data flows down on a write.
import dagre from '@dagrejs/dagre';
import { useMemo, useRef, useState } from 'preact/hooks';
import { bytes, fileName, rate } from './format.js';
import { Icon } from './icons.jsx';
import { Empty, Panel } from './panel.jsx';

const WIDTH = 172;
const HEIGHT = 54;
const FILTERS = new Set(['mirror_top', 'commit_top', 'copy-before-write', 'copy-on-read', 'throttle', 'backup-top', 'preallocate',
  'blkdebug', 'blklogwrites', 'blkverify', 'blkreplay', 'compress', 'snapshot-access', 'replication', 'quorum']);
const PROTOCOLS = new Set(['file', 'host_device', 'nbd', 'null-co', 'null-aio', 'ssh', 'http', 'https', 'nfs', 'nvme']);

function kindOf(vertex, node) {
  if (vertex.type === 'block-job') return 'job';
  if (vertex.type === 'block-backend') return 'backend';
  if (PROTOCOLS.has(node?.drv)) return 'protocol';
  return FILTERS.has(node?.drv) ? 'filter' : 'format';
}

function titleOf(vertex, kind) {
  if (vertex.name) return vertex.name;
  return kind === 'backend' ? 'user' : `#${vertex.id}`;
}

function noteOf(kind, node, job) {
  if (kind === 'job') return job ? `${job.type} · ${job.status}` : 'job';
  if (kind === 'backend') return 'drive or user';
  if (!node) return '';
  const what = kind === 'protocol' ? fileName(node.file) || bytes(node.image?.['virtual-size']) : bytes(node.image?.['virtual-size']);
  return `${node.drv} · ${what}`;
}

/** Positions depend on the shape alone; figures change every second, the shape does not. */
function layout(graph) {
  const drawing = new dagre.graphlib.Graph({ multigraph: true });
  drawing.setGraph({ rankdir: 'TB', nodesep: 26, ranksep: 52, marginx: 14, marginy: 14 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const each of graph.nodes) drawing.setNode(String(each.id), { width: WIDTH, height: HEIGHT });
  for (const each of graph.edges) {
    drawing.setEdge(String(each.parent), String(each.child), { name: each.name, width: 8 * each.name.length, height: 14, labelpos: 'c' },
      each.name);
  }
  dagre.layout(drawing);
  return drawing;
}

function pathOf(points) {
  const [first, ...rest] = points;
  let path = `M${first.x},${first.y}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const middle = { x: (rest[i].x + rest[i + 1].x) / 2, y: (rest[i].y + rest[i + 1].y) / 2 };
    path += ` Q${rest[i].x},${rest[i].y} ${middle.x},${middle.y}`;
  }
  const last = rest[rest.length - 1];
  return `${path} L${last.x},${last.y}`;
}

function clip(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

export function Graph({ store }) {
  const { graph } = store;
  const [chosen, choose] = useState(null);
  const shape = JSON.stringify([graph.nodes.map((each) => [each.id, each.type]), graph.edges.map((each) => [each.parent, each.child, each.name])]);
  const drawing = useMemo(() => layout(graph), [shape]);
  const nodes = new Map(store.nodes.map((each) => [each['node-name'], each]));
  const jobs = new Map(store.jobs.map((each) => [each.id, each]));
  const { width = 0, height = 0 } = drawing.graph();
  const view = useRef(null);
  const shown = graph.nodes.filter((each) => drawing.hasNode(String(each.id)));
  const selected = shown.find((each) => each.id === chosen);
  return (
    <Panel id="graph" title="Block graph" note={shown.length ? `${shown.length} vertices` : null}
      actions={<Legend />}>
      {shown.length === 0 ? <Empty>No block node is open. Add one with <code>blockdev-add</code>.</Empty> : (
        <div class="graph-box" ref={view} tabIndex={0} aria-label="Picture of the block graph">
          <svg viewBox={`0 0 ${Math.max(width, 1)} ${Math.max(height, 1)}`} width={width} height={height} role="group" id="graph-picture">
            <defs>
              <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
                <path d="M0,0.8 L7,4 L0,7.2z" class="arrow" />
              </marker>
            </defs>
            {graph.edges.map((each) => <Edge key={`${each.parent}-${each.child}-${each.name}`} edge={each} drawing={drawing} store={store} graph={graph} />)}
            {shown.map((each) => (
              <Vertex key={each.id} vertex={each} place={drawing.node(String(each.id))} node={nodes.get(each.name)} job={jobs.get(each.name)}
                traffic={store.traffic.get(each.name)} chosen={each.id === chosen} choose={() => choose(each.id === chosen ? null : each.id)} />
            ))}
          </svg>
        </div>
      )}
      {selected && <Details vertex={selected} node={nodes.get(selected.name)} traffic={store.traffic.get(selected.name)} job={jobs.get(selected.name)} close={() => choose(null)} />}
    </Panel>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="Kinds of vertices">
      {['backend', 'job', 'filter', 'format', 'protocol'].map((each) => <li key={each} class={each}>{each}</li>)}
    </ul>
  );
}

function Edge({ edge, drawing, store, graph }) {
  const route = drawing.edge(String(edge.parent), String(edge.child), edge.name);
  if (!route?.points) return null;
  const child = graph.nodes.find((each) => each.id === edge.child);
  const busy = (store.traffic.get(child?.name)?.rate ?? 0) > 0 && (edge.name === 'target' || (edge.perm.length > 0 && edge.name !== 'backing'));
  const middle = route.points[Math.floor(route.points.length / 2)];
  return (
    <g class={`edge ${busy ? 'busy' : ''}`}>
      <path d={pathOf(route.points)} marker-end="url(#arrow)" />
      <text x={route.x ?? middle.x} y={(route.y ?? middle.y) + 4}>{edge.name}</text>
    </g>
  );
}

function Vertex({ vertex, place, node, job, traffic, chosen, choose }) {
  const kind = kindOf(vertex, node);
  const title = titleOf(vertex, kind);
  const press = (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); choose(); } };
  const busy = traffic && (traffic.rate > 0 || traffic['in-flight'] > 0);
  return (
    <g class={`vertex ${kind} ${chosen ? 'chosen' : ''} ${busy ? 'busy' : ''}`} style={{ transform: `translate(${place.x - WIDTH / 2}px, ${place.y - HEIGHT / 2}px)` }}
      tabIndex={0} role="button" aria-pressed={chosen} aria-label={`${kind} ${title}`} data-name={vertex.name} onClick={choose} onKeyDown={press}>
      <title>{`${title}\n${noteOf(kind, node, job)}`}</title>
      <rect width={WIDTH} height={HEIGHT} rx="10" />
      <rect class="stripe" width="4" height={HEIGHT - 20} x="9" y="10" rx="2" />
      <text class="title" x="22" y="23">{clip(title, 19)}</text>
      <text class="sub" x="22" y="40">{clip(busy && traffic.rate > 0 ? `${node?.drv ?? ''} · ${rate(traffic.rate)}` : noteOf(kind, node, job), 25)}</text>
      {node?.ro && <text class="ro" x={WIDTH - 10} y="23">RO</text>}
    </g>
  );
}

function Details({ vertex, node, traffic, job, close }) {
  const rows = [];
  if (node) {
    rows.push(['Driver', node.drv], ['Size', bytes(node.image?.['virtual-size'])], ['On disk', bytes(node.image?.['actual-size'])],
      ['File', node.file], ['Access', node.ro ? 'read-only' : 'read and write'],
      ['Cache', `${node.cache?.writeback ? 'writeback' : 'writethrough'}${node.cache?.direct ? ', direct' : ''}`],
      ['Backing', node.backing_file], ['Detect zeroes', node.detect_zeroes]);
  }
  if (job) rows.push(['Type', job.type], ['Status', job.status]);
  if (traffic) rows.push(['Requests', `${traffic.operations} (${traffic['in-flight']} in flight)`], ['Bytes', bytes(traffic.bytes)]);
  for (const each of node?.['dirty-bitmaps'] ?? []) rows.push([`Bitmap ${each.name ?? '(of a job)'}`, `${bytes(each.count)} dirty, granularity ${bytes(each.granularity)}`]);
  return (
    <div class="details" id="graph-details">
      <div class="details-head"><h3>{vertex.name || vertex.type}</h3><button class="icon" onClick={close} aria-label="Close"><Icon name="close" /></button></div>
      <dl>{rows.filter(([, value]) => value != null && value !== '').map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </div>
  );
}
