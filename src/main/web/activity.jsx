// SPDX-License-Identifier: Apache-2.0
// Events and the commands of all clients as they come.
import { useState } from 'preact/hooks';
import { clock, micros } from './format.js';
import { Empty, Panel } from './panel.jsx';
import { clearItems } from './store.js';

const SHOWN = 200;

export function Activity({ store }) {
  const [filter, setFilter] = useState('');
  const [kinds, setKinds] = useState({ event: true, command: true });
  const [held, hold] = useState(null);
  const items = held ?? store.items;
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item) => kinds[item.kind] && words.every((word) => text(item).includes(word));
  const wanted = items.filter(fits);
  const toggle = (kind) => (
    <label class="toggle"><input type="checkbox" checked={kinds[kind]} onChange={() => setKinds({ ...kinds, [kind]: !kinds[kind] })} data-kind={kind} />{kind}s</label>
  );
  const actions = (
    <>
      <input type="search" placeholder="Filter, e.g. JOB m0" aria-label="Filter" value={filter} onInput={(e) => setFilter(e.target.value)} id="activity-filter" />
      {toggle('event')}{toggle('command')}
      <button class="small" onClick={() => hold(held ? null : store.items)} aria-pressed={Boolean(held)}>{held ? 'Go on' : 'Hold'}</button>
      <button class="small" onClick={clearItems}>Clear</button>
    </>
  );
  return (
    <Panel id="activity" title="Activity" note={wanted.length || null} actions={actions}>
      {wanted.length === 0 && <Empty>Nothing yet. Events, and the commands of all clients, appear here as they come.</Empty>}
      <ol class="stream" tabIndex={0} aria-label="Events and commands, the newest first">{wanted.slice(0, SHOWN).map((each) => <Item key={each.key} item={each} />)}</ol>
    </Panel>
  );
}

function text(item) {
  item.text ??= `${item.name} ${JSON.stringify(item.content)}`.toLowerCase();
  return item.text;
}

function Item({ item }) {
  const { content } = item;
  const data = item.kind === 'event' ? content.data : content.arguments;
  const rest = data && Object.keys(data).length ? JSON.stringify(data) : '';
  return (
    <li class={`${item.kind} ${content.error ? 'failed' : ''}`}>
      <details>
        <summary>
          <time>{clock(item.at)}</time>
          <span class="tag">{item.kind === 'event' ? 'event' : content.source}</span>
          <b>{item.name}</b>
          <code>{content.error ? content.error.desc : rest}</code>
          {content.micros != null && <span class="took">{micros(content.micros)}</span>}
        </summary>
        <pre>{JSON.stringify(content, null, 2)}</pre>
      </details>
    </li>
  );
}
