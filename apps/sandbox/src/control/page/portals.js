import { act, call } from './api.js';
import { action, openDialog } from './dialog.js';
import { button, el, field, table } from './dom.js';

const limit = (value) => (value === null ? 'no limit' : String(value));

/** An empty field is no limit. */
const limitsOf = (form) =>
  Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value === '' ? null : Number(value)]));

const change = ({ portal, licences, ratePerMinute, ratePerWeek }) => {
  const number = (label, name, value) => field(label, name, { type: 'number', min: 0, value: value ?? '' });
  openDialog(
    portal,
    action(
      'Limits; empty is none',
      'Change',
      [
        number('Licences', 'licences', licences),
        number('Calls a minute', 'ratePerMinute', ratePerMinute),
        number('Calls a week', 'ratePerWeek', ratePerWeek),
      ],
      (form) => act(`${portal} was changed.`, () => call('POST', `/portals/${portal}`, limitsOf(form))),
    ),
    action('Generate new API keys; the old pair is dead', 'Generate', [], async () => {
      const done = await act('', async () => {
        const { username, password } = await call('POST', `/portals/${portal}/keys`);
        openDialog(`Keys of ${portal}`, el('p', {}, el('code', {}, `${username}:${password}`)));
      });
      return !done;
    }),
  );
};

const callsTable = ({ bamboohr, portals }) =>
  table(
    ['Called', 'Reads', 'Writes', 'Throttled', 'Refused', 'Dropped'],
    Object.entries({ bamboohr, ...portals }).map(([name, counts]) => [
      name,
      ...['reads', 'writes', 'throttled', 'refused', 'dropped'].map((key) => String(counts[key])),
    ]),
    'Nothing was called.',
  );

export const drawPortals = async () => {
  const [{ portals }, calls] = await Promise.all([call('GET', '/portals'), call('GET', '/calls')]);
  const rows = portals.map((portal) => [
    el(
      'div',
      {},
      portal.title,
      el('div', { class: 'quiet' }, `${portal.portal}${portal.topLevel ? ', top-level' : ''}`),
    ),
    `${portal.identifier}${portal.sso ? ', SSO' : ''}`,
    String(portal.accounts),
    String(portal.openInvites),
    portal.licences === null ? `${portal.licencesUsed}, no limit` : `${portal.licencesUsed} of ${portal.licences}`,
    `${limit(portal.ratePerMinute)} / ${limit(portal.ratePerWeek)}`,
    button('Change', () => change(portal), { 'aria-label': `Change ${portal.portal}` }),
  ]);
  const columns = ['Portal', 'Identifier', 'Accounts', 'Open invites', 'Licences', 'Calls a minute / week', ''];
  return {
    data: { portals, calls },
    draw: () => [
      el('h2', {}, 'Portals'),
      table(columns, rows, 'No portals.'),
      el(
        'div',
        { class: 'bar', style: 'margin: 24px 0 12px' },
        el('h2', { class: 'grow', style: 'margin: 0' }, 'Calls'),
        button('Count from nought', () => act('Counting from nought.', () => call('DELETE', '/calls'))),
      ),
      callsTable(calls),
    ],
  };
};
