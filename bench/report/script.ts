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

  // The time line, nearer: what is drawn is moved and cut, so that nothing is drawn anew.
  const spanOf = (element) => {
    const at = /translate\\(([-\\d.]+)/.exec(element.getAttribute('transform') ?? '');
    const from = Number(at ? at[1] : element.getAttribute('x') ?? element.getAttribute('x1'));
    return { element, at, from, to: from + Number(element.getAttribute('width') ?? 0) };
  };
  const SPANS = 'g[aria-label=bar] rect, g[aria-label=rect] rect';
  const MARKS = 'g[aria-label=x-grid] line, g[aria-label="x-axis tick"] path, g[aria-label="x-axis tick label"] text';
  const nearer = (svg) => {
    const spans = [...svg.querySelectorAll(SPANS)].map(spanOf);
    const marks = [...svg.querySelectorAll(MARKS)].map(spanOf);
    const left = Math.min(...marks.map(({ from }) => from));
    const right = Math.max(...spans.map(({ to }) => to));
    return (factor, share) => {
      const begin = left + share * (right - left);
      const placed = (x) => left + (x - begin) * factor;
      for (const { element, at, from, to } of [...spans, ...marks]) {
        const [x, end] = [Math.max(left, placed(from)), Math.min(right, placed(to))];
        element.style.visibility = end < x - 0.01 || (at && placed(from) < left - 0.01) ? 'hidden' : '';
        if (at) element.setAttribute('transform', at.input.replace(at[0], 'translate(' + x));
        else if (element.hasAttribute('width')) {
          element.setAttribute('x', x);
          element.setAttribute('width', Math.max(0, end - x));
        } else for (const name of ['x1', 'x2']) element.setAttribute(name, x);
      }
    };
  };
  const NEAREST = 16;
  for (const figure of document.querySelectorAll('section[id$=timeline] figure')) {
    const drawings = [...figure.querySelectorAll('.wide svg, .narrow svg')].map(nearer);
    if (drawings.length === 0) continue;
    let [factor, share] = [1, 0];
    const line = document.createElement('p');
    const told = document.createElement('span');
    line.className = 'zoom';
    told.setAttribute('role', 'status');
    const show = () => {
      share = Math.min(Math.max(0, share), 1 - 1 / factor);
      for (const draw of drawings) draw(factor, share);
      told.textContent = factor === 1 ? 'all of it' : 'a part: 1/' + factor + ', from ' + Math.round(100 * share) + '% on';
    };
    for (const [name, act] of [
      ['Nearer', () => { factor = Math.min(NEAREST, factor * 2); }],
      ['Further', () => { factor = Math.max(1, factor / 2); }],
      ['Earlier', () => { share -= 0.5 / factor; }],
      ['Later', () => { share += 0.5 / factor; }],
    ]) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', () => { act(); show(); });
      line.append(button);
    }
    line.append(told);
    show();
    figure.querySelector('.wide').before(line);
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
