// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { bytes, count, fileName, micros, rate } from './format.js';
import { Empty, Panel } from './panel.jsx';

export function Drives({ store }) {
  return (
    <Panel id="drives" title="Drives" note={store.drives.length || null}>
      {store.drives.length === 0 && <Empty>No drive or device. Options: <code>-drive</code>, <code>-device</code>.</Empty>}
      <div class="drive-grid">{store.drives.map((each) => <Drive key={each.id} drive={each} />)}</div>
    </Panel>
  );
}

function Drive({ drive }) {
  const { device, history } = drive;
  const medium = device.inserted;
  const last = (line) => (line.length ? line[line.length - 1] : 0);
  return (
    <article class="drive" data-drive={drive.id}>
      <div class="row">
        <strong>{drive.id}</strong>
        {medium && <span class="kind">{medium.drv}</span>}
        {medium?.ro && <span class="chip">read-only</span>}
        {device['io-status'] && device['io-status'] !== 'ok' && <span class="chip status-aborting">{device['io-status']}</span>}
        <span class="figure">{medium ? bytes(medium.image['virtual-size']) : 'empty'}</span>
      </div>
      <p class="path" title={medium?.file}>{medium ? fileName(medium.file) || medium['node-name'] : 'no medium'}</p>
      <Chart history={history} stamp={last(history.time)} />
      <dl class="facts">
        <div class="read"><dt>Read</dt><dd>{rate(last(history.read))}</dd><small>{count(history.readOps ?? 0)} ops/s</small></div>
        <div class="write"><dt>Write</dt><dd>{rate(last(history.write))}</dd><small>{count(history.writeOps ?? 0)} ops/s</small></div>
        <div><dt>Latency</dt><dd>{history.latency == null ? '–' : micros(history.latency)}</dd><small>mean</small></div>
        <div><dt>In all</dt><dd>{bytes((drive.stats?.rd_bytes ?? 0) + (drive.stats?.wr_bytes ?? 0))}</dd><small>since start</small></div>
      </dl>
    </article>
  );
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(width) {
  const line = (label, name) => ({
    label, stroke: colour(name), width: 1.75, points: { show: false },
    fill: colour(`${name}-soft`), paths: uPlot.paths.linear(),
  });
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false }, font: '11px Inter, system-ui, sans-serif' };
  return {
    width, height: 132, padding: [8, 22, 0, 0], legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: true, range: (u, min, max) => [max - 120, max] }, y: { range: (u, min, max) => [0, Math.max(max * 1.1, 1024)] } },
    axes: [
      { ...axis, space: 70, size: 22, values: (u, ticks) => ticks.map((each) => new Date(each * 1000).toLocaleTimeString('en-GB')) },
      { ...axis, size: 62, space: 34, incrs: Array.from({ length: 32 }, (unused, power) => 1024 * 2 ** power), values: (u, ticks) => ticks.map((each) => (each ? bytes(each) : '0')) },
    ],
    series: [{}, line('read', '--read'), line('write', '--write')],
  };
}

function Chart({ history, stamp }) {
  const box = useRef(null);
  const plot = useRef(null);
  useEffect(() => {
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(box.current.clientWidth), dataOf(history), box.current);
    };
    make();
    const resize = new ResizeObserver(() => plot.current.setSize({ width: box.current.clientWidth, height: 132 }));
    resize.observe(box.current);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    addEventListener('themechange', make);
    scheme.addEventListener('change', make);
    return () => {
      resize.disconnect();
      removeEventListener('themechange', make);
      scheme.removeEventListener('change', make);
      plot.current.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(history)), [stamp]);
  return <div class="chart" ref={box} role="img" aria-label="Bytes read and written a second during the last two minutes" />;
}

function dataOf({ time, read, write }) {
  if (time.length > 0) return [time, read, write];
  const now = Date.now() / 1000;
  return [[now - 1, now], [0, 0], [0, 0]];
}
