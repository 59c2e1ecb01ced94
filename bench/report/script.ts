/**
 * What a page does besides being read: tables are sorted by a click on a heading, and a lock that is clicked in a table is the
 * one that stands out in all plots. Text of the page, which nothing here adds to or reads from but these.
 */
export const SCRIPT = `'use strict';
(() => {
  const asButton = (element, action) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...element.childNodes);
    element.append(button);
    button.addEventListener('click', () => action(button));
    return button;
  };

  for (const heading of document.querySelectorAll('th[data-sortable]')) {
    asButton(heading, () => {
      const table = heading.closest('table');
      const body = table.tBodies[0];
      const column = heading.cellIndex;
      const descending = heading.getAttribute('aria-sort') === 'ascending';
      for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const valueOf = (row) => row.cells[column].dataset.sort;
      const compare = (a, b) => {
        const [one, other] = [valueOf(a), valueOf(b)];
        // What has no value stands last, whatever the direction.
        if (one === undefined || other === undefined) return (one === undefined) - (other === undefined);
        const order = one !== '' && other !== '' && !isNaN(one) && !isNaN(other) ? one - other : one.localeCompare(other);
        return descending ? -order : order;
      };
      body.append(...[...body.rows].sort(compare));
    });
  }

  let chosen = null;
  const buttons = [];
  const choose = (lock) => {
    chosen = chosen === lock ? null : lock;
    document.body.classList.toggle('chosen', chosen !== null);
    for (const element of document.querySelectorAll('[data-lock]'))
      element.classList.toggle('is-chosen', element.dataset.lock === chosen);
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.closest('tr').dataset.lock === chosen));
  };
  for (const row of document.querySelectorAll('tr[data-lock]')) {
    const button = asButton(row.cells[0], () => choose(row.dataset.lock));
    button.setAttribute('aria-pressed', 'false');
    button.title = 'Highlight it in all plots';
    buttons.push(button);
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && chosen !== null) choose(chosen);
  });
})();
`;
