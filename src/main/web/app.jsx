// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import 'uplot/dist/uPlot.min.css';
import './app.css';
import { Activity } from './activity.jsx';
import { Bitmaps } from './bitmaps.jsx';
import { Console } from './console.jsx';
import { Drives } from './drives.jsx';
import { Exports } from './exports.jsx';
import { bytes, rate } from './format.js';
import { Graph } from './graph.jsx';
import { Jobs } from './jobs.jsx';
import { Replication, hasReplication } from './replication.jsx';
import { start, toast, useStore } from './store.js';
import { Icon } from './icons.jsx';

const THEMES = ['auto', 'light', 'dark'];

function useTheme() {
  const [theme, set] = useState(localStorage.getItem('theme') ?? 'auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('theme', theme);
    dispatchEvent(new Event('themechange'));
  }, [theme]);
  return [theme, () => set(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length])];
}

function Header({ store }) {
  const [theme, next] = useTheme();
  const link = store.connected === null ? 'connecting' : store.connected ? 'live' : 'offline';
  return (
    <header class="top">
      <a class="brand" href="#graph"><img src="/icon.svg" alt="" width="28" height="28" />qblockd</a>
      {store.name && <span class="name">{store.name}</span>}
      {store.status && <span class={`chip run-${store.status.running ? 'on' : 'off'}`} id="run-state">{store.status.status}</span>}
      <nav aria-label="Sections">
        <a href="#graph">Graph</a><a href="#drives">Drives</a><a href="#jobs">Jobs</a><a href="#bitmaps">Bitmaps</a>
        <a href="#exports">Exports</a>{hasReplication(store) && <a href="#replication">Replication</a>}
        <a href="#activity">Activity</a><a href="#console">Console</a>
      </nav>
      <span class={`link ${link}`} role="status" id="link-state"><i />{link}</span>
      <button class="icon" id="theme" onClick={next} title={`Theme: ${theme}`} aria-label={`Theme: ${theme}. Change`}>
        <Icon name={theme} />
      </button>
    </header>
  );
}

function Tiles({ store }) {
  const last = (line) => (line.length ? line[line.length - 1] : 0);
  const read = store.drives.reduce((sum, each) => sum + last(each.history.read), 0);
  const write = store.drives.reduce((sum, each) => sum + last(each.history.write), 0);
  const active = store.jobs.filter((each) => each.status !== 'concluded').length;
  const inFlight = [...store.traffic.values()].reduce((sum, each) => sum + each['in-flight'], 0);
  const clients = store.exports.reduce((sum, each) => sum + each.clients, 0);
  const dirty = store.bitmaps.reduce((sum, each) => sum + each.count, 0);
  const tiles = [
    ['Nodes', store.nodes.length, `${store.graph.edges.length} edges`],
    ['Drives', store.drives.length, `${inFlight} requests in flight`],
    ['Reading', rate(read), 'all drives', 'read'],
    ['Writing', rate(write), 'all drives', 'write'],
    ['Jobs', active, active ? store.jobs.map((each) => each.type).join(', ') : 'none is running', 'job'],
    ['Dirty', bytes(dirty), `${store.bitmaps.length} bitmap${store.bitmaps.length === 1 ? '' : 's'}`, 'dirty'],
    ['Exports', store.exports.length, `${clients} client${clients === 1 ? '' : 's'}`],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([title, value, note, tone = '']) => (
        <div class={`tile ${tone}`} key={title}><dt>{title}</dt><dd>{value}</dd><small>{note}</small></div>
      ))}
    </dl>
  );
}

function App() {
  const store = useStore();
  return (
    <>
      <Header store={store} />
      <main>
        {store.error && <p class="banner" role="alert">The server does not answer: {store.error}</p>}
        <Tiles store={store} />
        <div class="grid">
          <div class="column">
            <Graph store={store} />
            <Drives store={store} />
            <Console />
          </div>
          <div class="column">
            <Jobs store={store} />
            <Bitmaps store={store} />
            <Exports store={store} />
            {hasReplication(store) && <Replication store={store} />}
          </div>
          <Activity store={store} />
        </div>
      </main>
      <footer>{store.version} · <a href="/openapi.json">OpenAPI</a> · <a href="/metrics">Metrics</a> · <a href="/licences.txt">Licences</a></footer>
      <div class="toasts" role="status" aria-live="polite">
        {store.toasts.map((each) => <p class={`toast ${each.kind}`} key={each.key}>{each.text}</p>)}
      </div>
    </>
  );
}

const root = document.getElementById('app');
root.textContent = '';
render(<App />, root);
start().catch((e) => toast(e.message));
