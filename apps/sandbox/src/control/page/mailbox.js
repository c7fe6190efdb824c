import { act, call } from './api.js';
import { button, el, shortMoment, state, table } from './dom.js';

const view = { to: '' };

const buttonsOf = ({ inviteId, to, acceptUrl }) => {
  const post = (word, done) => () => act(done, () => call('POST', `/mailbox/${inviteId}/${word}`));
  const path = new URL(acceptUrl).pathname;
  return el(
    'span',
    { class: 'bar', style: 'margin: 0' },
    button('Accept', post('accept', `${to} accepted.`), { class: 'primary' }),
    button('Decline', post('reject', `${to} declined.`)),
    button('Remind', post('remind', `${to} was reminded.`)),
    el('a', { href: path }, 'Link'),
  );
};

const search = (redraw) =>
  el(
    'form',
    {
      class: 'bar',
      role: 'search',
      onsubmit: (event) => {
        event.preventDefault();
        view.to = event.target.to.value;
        return redraw();
      },
    },
    el('label', { class: 'hidden', for: 'to' }, 'Whole address of the receiver'),
    el('input', {
      id: 'to',
      name: 'to',
      type: 'search',
      class: 'grow',
      placeholder: 'To: a whole address',
      value: view.to,
    }),
    el('button', {}, 'Search'),
  );

/** What the portals sent, with the links to accept. */
export const drawMailbox = async () => {
  const query = new URLSearchParams(view.to === '' ? { limit: 200 } : { to: view.to, limit: 200 });
  const data = await call('GET', `/mailbox?${query}`);
  const rows = data.mails.map((mail) => [
    mail.to,
    el('div', {}, mail.subject, el('div', { class: 'quiet' }, mail.portal)),
    shortMoment(mail.sentAt),
    mail.status === null ? mail.kind : state(mail.status),
    mail.status === 'sent' ? buttonsOf(mail) : '',
  ]);
  return {
    data,
    draw: (redraw) => [search(redraw), table(['To', 'Mail', 'Sent', 'State', 'What to do'], rows, 'No mail.')],
  };
};
