// SPDX-License-Identifier: Apache-2.0

/** A part of the page with a title, a remark beside it and buttons. */
export function Panel({ id, title, note, actions, children }) {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>{note != null && <span class="note">{note}</span>}
        <div class="actions">{actions}</div>
      </div>
      {children}
    </section>
  );
}

/** What a panel shows when there is nothing to show. */
export function Empty({ children }) {
  return <p class="empty">{children}</p>;
}
