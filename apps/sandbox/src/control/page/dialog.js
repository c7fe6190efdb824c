import { button, el } from './dom.js';

const dialog = document.getElementById('dialog');

export const closeDialog = () => dialog.close();

/** Opens a dialog, which Escape closes and which gives the focus back. */
export const openDialog = (title, ...content) => {
  dialog.replaceChildren(
    el('div', { class: 'bar' }, el('h2', { id: 'dialog-title', class: 'grow' }, title), button('Close', closeDialog)),
    ...content,
  );
  if (!dialog.open) dialog.showModal();
};

/** A form in a box; `submit` gets the form, and the dialog closes when it says true. */
export const action = (legend, label, fields, submit, more = {}) =>
  el(
    'form',
    {
      onsubmit: async (event) => {
        event.preventDefault();
        if (await submit(event.target)) closeDialog();
      },
    },
    el(
      'fieldset',
      {},
      el('legend', {}, legend),
      el('div', { class: 'fields' }, ...fields, el('button', { class: 'primary', ...more }, label)),
    ),
  );
