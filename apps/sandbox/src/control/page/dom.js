/** Makes an element; children that are text are shown as text, never as markup. */
export const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const button = (text, onclick, more = {}) => el('button', { type: 'button', onclick, ...more }, text);

/** @param columns texts of the head; each row is a list of cells, a cell a text, an element or a list of these */
export const table = (columns, rows, empty) => {
  if (rows.length === 0) return el('div', { class: 'scroll' }, el('p', { class: 'empty' }, empty));
  const cell = (content, index) => el(index === 0 ? 'th' : 'td', { 'data-label': columns[index] }, content);
  return el(
    'div',
    { class: 'scroll' },
    el(
      'table',
      { class: 'cards' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          columns.map((column) => el('th', { scope: 'col' }, column)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((cells) => el('tr', {}, cells.map(cell))),
      ),
    ),
  );
};

export const field = (label, name, more = {}) => el('label', {}, label, el('input', { name, ...more }));

export const choice = (label, name, options, value) =>
  el(
    'label',
    {},
    label,
    el(
      'select',
      { name },
      options.map((option) => el('option', { value: String(option), selected: option === value }, String(option))),
    ),
  );

/** What a form says, without the fields that are empty. */
export const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));

export const state = (word) => el('span', { class: `state ${word}` }, word);

/** `2026-11-02T09:00:00Z` as `2026-11-02 09:00`. */
export const shortMoment = (moment) => moment.slice(0, 16).replace('T', ' ');
