// SPDX-License-Identifier: Apache-2.0
import { Empty, Panel } from './panel.jsx';

export function Exports({ store }) {
  return (
    <Panel id="exports" title="Exports" note={store.exports.length || null}>
      {store.exports.length === 0 ? <Empty>Nothing is exported. <code>nbd-server-start</code>, then <code>block-export-add</code>.</Empty> : (
        <table>
          <thead><tr><th scope="col">Export</th><th scope="col">Type</th><th scope="col">Node</th><th scope="col" class="number">Clients</th></tr></thead>
          <tbody>
            {store.exports.map((each) => (
              <tr key={each.id} data-export={each.id}>
                <td><strong>{each.id}</strong>{each['shutting-down'] && <span class="chip status-aborting">ending</span>}</td>
                <td>{each.type}</td><td>{each['node-name']}</td>
                <td class="number"><span class={`dot ${each.clients ? 'on' : ''}`} />{each.clients}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
