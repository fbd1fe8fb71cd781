// SPDX-License-Identifier: Apache-2.0
// Each bitmap as a map of its disk: a square stands for a stretch, its colour for how much of it is dirty.
import { useEffect, useRef } from 'preact/hooks';
import { bytes, percent } from './format.js';
import { Empty, Panel } from './panel.jsx';

const CELL = 9;
const GAP = 2;
const ROWS = 8;

export function Bitmaps({ store }) {
  return (
    <Panel id="bitmaps" title="Dirty bitmaps" note={store.bitmaps.length || null}>
      {store.bitmaps.length === 0 && <Empty>No named bitmap. <code>block-dirty-bitmap-add</code> makes one.</Empty>}
      <div class="stack">{store.bitmaps.map((each) => <Bitmap key={`${each.node}/${each.name}`} bitmap={each} />)}</div>
    </Panel>
  );
}

function Bitmap({ bitmap }) {
  const marks = [['recording', bitmap.recording], ['busy', bitmap.busy], ['persistent', bitmap.persistent], ['inconsistent', bitmap.inconsistent]];
  return (
    <article class="bitmap" data-bitmap={bitmap.name}>
      <div class="row">
        <strong>{bitmap.name}</strong><span class="kind">{bitmap.node}</span>
        {marks.filter(([, is]) => is).map(([name]) => <span class={`chip ${name}`} key={name}>{name}</span>)}
        <span class="figure">{bytes(bitmap.count)}</span>
      </div>
      {bitmap.extents ? <DiskMap bitmap={bitmap} /> : <div class="bar"><i class="dirty" style={{ width: `${percent(bitmap.count, bitmap.size)}%` }} /></div>}
      <p class="path">{percent(bitmap.count, bitmap.size).toFixed(1)} % of {bytes(bitmap.size)} · granularity {bytes(bitmap.granularity)}</p>
    </article>
  );
}

function DiskMap({ bitmap }) {
  const canvas = useRef(null);
  useEffect(() => {
    const redraw = () => canvas.current && draw(canvas.current, bitmap);
    redraw();
    const resize = new ResizeObserver(redraw);
    resize.observe(canvas.current.parentElement);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    addEventListener('themechange', redraw);
    scheme.addEventListener('change', redraw);
    return () => {
      resize.disconnect();
      removeEventListener('themechange', redraw);
      scheme.removeEventListener('change', redraw);
    };
  }, [bitmap.extents, bitmap.size]);
  const label = `${bytes(bitmap.count)} of ${bytes(bitmap.size)} are dirty, in ${bitmap.extents.length} stretches`;
  return <div class="map"><canvas ref={canvas} role="img" aria-label={label} /></div>;
}

function draw(canvas, { extents, size }) {
  const width = canvas.parentElement.clientWidth;
  const columns = Math.max(8, Math.floor((width + GAP) / (CELL + GAP)));
  const cells = columns * ROWS;
  const scale = devicePixelRatio || 1;
  const height = ROWS * (CELL + GAP) - GAP;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.height = `${height}px`;
  const style = getComputedStyle(document.documentElement);
  const paint = canvas.getContext('2d');
  paint.scale(scale, scale);
  shares(extents, size, cells).forEach((share, cell) => {
    paint.globalAlpha = 1;
    paint.fillStyle = style.getPropertyValue('--cell');
    const box = [(cell % columns) * (CELL + GAP), Math.floor(cell / columns) * (CELL + GAP), CELL, CELL, 2];
    paint.beginPath();
    paint.roundRect(...box);
    paint.fill();
    if (share > 0) {
      paint.globalAlpha = 0.35 + 0.65 * share;
      paint.fillStyle = style.getPropertyValue('--dirty');
      paint.fill();
    }
  });
}

/** For each cell, how much of its stretch is dirty, from 0 to 1. */
export function shares(extents, size, cells) {
  const all = new Array(cells).fill(0);
  const span = size / cells;
  for (const { offset, length } of extents) {
    const end = Math.min(offset + length, size);
    for (let cell = Math.floor(offset / span); cell < cells && cell * span < end; cell++) {
      const from = Math.max(offset, cell * span);
      const to = Math.min(end, (cell + 1) * span);
      all[cell] += Math.max(0, to - from) / span;
    }
  }
  return all;
}
