// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { bytes, duration, parseSize, percent, rate } from './format.js';
import { Icon } from './icons.jsx';
import { Empty, Panel } from './panel.jsx';
import { act, toast } from './store.js';

const PAUSED = new Set(['paused', 'standby']);
const ENDS = new Set(['concluded', 'aborting', 'null', 'waiting', 'pending']);

export function Jobs({ store }) {
  return (
    <Panel id="jobs" title="Jobs" note={store.jobs.length || null}>
      {store.jobs.length === 0 && <Empty>No job is running. <code>blockdev-mirror</code>, <code>blockdev-backup</code>, <code>block-stream</code> and <code>block-commit</code> begin one.</Empty>}
      <div class="stack">{store.jobs.map((each) => <Job key={each.id} job={each} />)}</div>
    </Panel>
  );
}

function Job({ job }) {
  const [asks, ask] = useState(false);
  const done = job['current-progress'];
  const total = job['total-progress'];
  const part = percent(done, total);
  const paused = PAUSED.has(job.status) || (job.detail?.paused ?? false);
  const rest = job.rate > 0 ? (total - done) / job.rate : Infinity;
  const button = (icon, label, command, off) => (
    <button class="small" disabled={off} onClick={() => act(command, { id: job.id })} data-action={command} title={command}>
      <Icon name={icon} />{label}
    </button>
  );
  return (
    <article class={`job ${job.status}`} data-job={job.id}>
      <div class="row">
        <strong>{job.id}</strong><span class="kind">{job.type}</span>
        <span class={`chip status-${job.status}`}>{job.status}</span>
        <span class="figure">{part.toFixed(part < 100 && part > 0 ? 1 : 0)} %</span>
      </div>
      <div class="bar" role="progressbar" aria-label={`Progress of ${job.id}`} aria-valuemin="0" aria-valuemax="100" aria-valuenow={Math.round(part)}>
        <i class={paused ? 'paused' : ''} style={{ width: `${part}%` }} />
      </div>
      <dl class="facts">
        <div><dt>Done</dt><dd>{bytes(done)} of {bytes(total)}</dd></div>
        <div><dt>Speed</dt><dd>{job.rate == null ? '–' : rate(job.rate)}</dd></div>
        <div><dt>Remaining</dt><dd>{job.status === 'running' ? duration(rest) : job.status === 'ready' ? 'in step' : '–'}</dd></div>
        <div><dt>Limit</dt><dd>{job.detail?.speed ? rate(job.detail.speed) : 'none'}</dd></div>
      </dl>
      {job.error && <p class="failure">{job.error}</p>}
      <div class="buttons">
        {paused ? button('play', 'Resume', 'job-resume') : button('pause', 'Pause', 'job-pause', ENDS.has(job.status))}
        {button('done', 'Complete', 'job-complete', job.status !== 'ready')}
        {job.status === 'pending' && button('done', 'Finalize', 'job-finalize')}
        {job.status === 'concluded' ? button('cancel', 'Dismiss', 'job-dismiss') : button('cancel', 'Cancel', 'job-cancel')}
        {job.detail && <button class="small" onClick={() => ask(!asks)} aria-expanded={asks} data-action="speed"><Icon name="speed" />Set speed</button>}
      </div>
      {asks && <Speed job={job} close={() => ask(false)} />}
    </article>
  );
}

function Speed({ job, close }) {
  const submit = async (e) => {
    e.preventDefault();
    const speed = parseSize(new FormData(e.target).get('speed') || '0');
    if (speed == null) { toast('A speed is a number with K, M or G behind it, as 20M.'); return; }
    close();
    await act('block-job-set-speed', { device: job.id, speed });
  };
  return (
    <form class="speed" onSubmit={submit}>
      <label for={`speed-${job.id}`}>Bytes a second</label>
      <input id={`speed-${job.id}`} name="speed" placeholder="20M, 0 for none" autofocus autocomplete="off" />
      <button class="small primary" type="submit">Set</button>
    </form>
  );
}
