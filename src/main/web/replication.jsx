// SPDX-License-Identifier: Apache-2.0
// Replication: what query-colo-status, query-migrate and query-xen-replication-status tell.
import { bytes } from './format.js';
import { Panel } from './panel.jsx';

const BYTES = /bytes|transferred|total$|remaining|^ram$|size/;

export function hasReplication({ colo, migration, xen }) {
  return Boolean((colo && colo.mode !== 'none') || migration?.status || xen?.error);
}

export function Replication({ store }) {
  const { colo, migration, xen } = store;
  const nodes = store.nodes.filter((each) => each.drv === 'replication' || each.drv === 'quorum');
  return (
    <Panel id="replication" title="Replication" note={migration?.status}>
      {colo && (
        <dl class="facts">
          <div><dt>This side</dt><dd><span class={`chip colo-${colo.mode}`}>{colo.mode}</span></dd></div>
          <div><dt>Last side</dt><dd>{colo['last-mode']}</dd></div>
          <div><dt>Reason of its end</dt><dd>{colo.reason}</dd></div>
        </dl>
      )}
      {xen?.error && <p class="failure">{xen.desc || 'replication has failed'}</p>}
      {nodes.length > 0 && <p class="path">{nodes.map((each) => `${each['node-name']} (${each.drv})`).join(', ')}</p>}
      {migration && <dl class="pairs">{pairs(migration).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>}
    </Panel>
  );
}

function pairs(object, before = '') {
  return Object.entries(object).flatMap(([name, value]) => {
    const full = before ? `${before}.${name}` : name;
    if (value && typeof value === 'object' && !Array.isArray(value)) return pairs(value, full);
    const text = typeof value === 'number' && BYTES.test(name) ? bytes(value) : String(value);
    return [[full, text]];
  });
}
