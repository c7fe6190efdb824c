import { act, call } from './api.js';
import { action, openDialog } from './dialog.js';
import { button, choice, el, field, state, table, valuesOf } from './dom.js';

const PAGE = 50;

const view = { query: '', offset: 0 };

const JOB_FIELDS = () => [
  field('Department', 'department'),
  field('Division', 'division'),
  field('Location', 'location'),
  field('Job title', 'jobTitle'),
  field('Manager’s id', 'managerId'),
];

const nameOf = ({ firstName, lastName, email, username }) =>
  [firstName, lastName].filter(Boolean).join(' ') || email || username || 'somebody';

const hire = () =>
  openDialog(
    'Hire',
    action(
      'A new employee; what is left empty is made up',
      'Hire',
      [
        field('First name', 'firstName', { autofocus: true }),
        field('Last name', 'lastName'),
        field('Preferred name', 'preferredName'),
        field('Work e-mail', 'workEmail', { type: 'email' }),
        field('Hire date', 'hireDate', { type: 'date' }),
        ...JOB_FIELDS(),
      ],
      (form) => act('Hired.', () => call('POST', '/hire', valuesOf(form))),
    ),
  );

/** An empty field empties, but everybody has a first and a last name. */
const namesOf = (form) => ({
  ...Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value === '' ? null : value])),
  ...Object.fromEntries(['firstName', 'lastName'].map((name) => [name, form.elements[name].value])),
});

const openPerson = (person) => {
  const name = nameOf(person);
  const at = (path, body = {}) => call('POST', `/people/${person.id}/${path}`, body);
  const date = () => field('Date', 'date', { type: 'date' });
  openDialog(
    `${name}, employee ${person.id}`,
    action(
      'Rename',
      'Rename',
      [
        field('First name', 'firstName', { value: person.firstName }),
        field('Last name', 'lastName', { value: person.lastName }),
        field('Preferred name', 'preferredName', { value: person.preferredName ?? '' }),
        field('Work e-mail', 'workEmail', { value: person.workEmail ?? '' }),
        field('Home e-mail', 'homeEmail', { value: person.homeEmail ?? '' }),
      ],
      (form) => act(`${name} was renamed.`, () => at('rename', namesOf(form))),
    ),
    action('Move', 'Move', [...JOB_FIELDS(), date()], (form) =>
      act(`${name} was moved.`, () => at('move', valuesOf(form))),
    ),
    person.status === 'Active'
      ? action('Terminate', 'Terminate', [date()], (form) =>
          act(`The employment of ${name} ends.`, () => at('terminate', valuesOf(form))),
        )
      : action('Rehire', 'Rehire', [...JOB_FIELDS(), date()], (form) =>
          act(`${name} is back.`, () => at('rehire', valuesOf(form))),
        ),
    action(
      'Delete the employee record, as if it had never been',
      'Delete',
      [],
      () => act(`${name} was deleted.`, () => call('DELETE', `/people/${person.id}`)),
      { class: 'danger' },
    ),
  );
};

const USER_TYPES = ['learner', 'manager', 'instructor', 'admin'];

export const openAccount = (account) => {
  const path = `/accounts/${account.portal}/${account.id}`;
  const change = (form) => {
    const { enabled, ...values } = Object.fromEntries(new FormData(form));
    const filled = Object.entries(values).map(([key, value]) => [key, value === '' ? null : value]);
    return { ...Object.fromEntries(filled), enabled: enabled === 'true' };
  };
  openDialog(
    `${nameOf(account)}, account ${account.id} in ${account.portal}`,
    action(
      'Change by hand, as in the portal’s own pages',
      'Change',
      [
        field('First name', 'firstName', { value: account.firstName ?? '' }),
        field('Last name', 'lastName', { value: account.lastName ?? '' }),
        field('E-mail', 'email', { value: account.email ?? '' }),
        choice('User type', 'userType', USER_TYPES, account.userType),
        choice('Enabled', 'enabled', [true, false], account.enabled),
        field('Account expires', 'accountExpires', { type: 'date', value: account.accountExpires ?? '' }),
      ],
      (form) => act('The account was changed by hand.', () => call('POST', path, change(form))),
    ),
    el('p', { class: 'quiet' }, `Came about by ${account.origin}. `, JSON.stringify(account.customData)),
    action(
      'Delete the account and its training history',
      'Delete',
      [],
      () => act('The account was deleted by hand.', () => call('DELETE', path)),
      { class: 'danger' },
    ),
  );
};

const createByHand = (portals) =>
  openDialog(
    'Account by hand',
    action(
      'An account that an admin makes in a portal',
      'Create',
      [
        choice(
          'Portal',
          'portal',
          portals.map(({ portal }) => portal),
        ),
        field('E-mail', 'email', { type: 'email', autofocus: true }),
        field('Username', 'username'),
        field('First name', 'firstName'),
        field('Last name', 'lastName'),
        choice('User type', 'userType', USER_TYPES),
      ],
      (form) => act('The account was made.', () => call('POST', '/accounts', valuesOf(form))),
    ),
  );

const accountCell = (account) => [
  button(account.enabled ? 'enabled' : 'disabled', () => openAccount(account), {
    class: `link state ${account.enabled ? 'enabled' : 'disabled'}`,
    'aria-label': `${account.enabled ? 'enabled' : 'disabled'}: account in ${account.portal}`,
  }),
  account.userType === 'learner' ? null : el('div', { class: 'quiet' }, account.userType),
];

const inviteCell = (invite) =>
  el(
    'span',
    {},
    state(invite.status),
    ' ',
    button('Accept', () => act('The invite was accepted.', () => call('POST', `/mailbox/${invite.id}/accept`)), {
      'aria-label': `Accept the invite to ${invite.portal}`,
    }),
  );

const portalCell = ({ accounts, invites }, portal) => {
  const account = accounts.find((each) => each.portal === portal);
  if (account) return accountCell(account);
  const invite = invites.find((each) => each.portal === portal);
  return invite ? inviteCell(invite) : el('span', { class: 'quiet', 'aria-label': 'none' }, '–');
};

const personCell = ({ person }) => [
  el(
    'div',
    {},
    button(nameOf(person), () => openPerson(person), { class: 'link' }),
    el('div', { class: 'quiet' }, person.workEmail ?? 'no work e-mail'),
  ),
];

const jobCell = ({ person }) =>
  el('div', {}, person.department ?? '–', el('div', { class: 'quiet' }, person.jobTitle ?? ''));

const statusCell = ({ person }) =>
  el(
    'div',
    {},
    person.status,
    person.terminationDate && el('div', { class: 'quiet' }, `until ${person.terminationDate}`),
    person.hireDate && el('div', { class: 'quiet' }, `from ${person.hireDate}`),
  );

const pager = (total, redraw) => {
  const to = (offset) => () => {
    view.offset = offset;
    return redraw();
  };
  const last = Math.min(total, view.offset + PAGE);
  return el(
    'div',
    { class: 'bar' },
    button('Back', to(Math.max(0, view.offset - PAGE)), { disabled: view.offset === 0 }),
    button('Next', to(view.offset + PAGE), { disabled: last >= total }),
    el('span', { class: 'quiet' }, total === 0 ? 'nobody' : `${view.offset + 1} to ${last} of ${total}`),
  );
};

const bar = (portals, redraw) =>
  el(
    'form',
    {
      class: 'bar',
      role: 'search',
      onsubmit: (event) => {
        event.preventDefault();
        view.query = event.target.q.value;
        view.offset = 0;
        return redraw();
      },
    },
    el('label', { class: 'hidden', for: 'q' }, 'Name or e-mail'),
    el('input', {
      id: 'q',
      name: 'q',
      type: 'search',
      class: 'grow',
      placeholder: 'Name or e-mail',
      value: view.query,
    }),
    el('button', {}, 'Search'),
    button('Hire', hire, { class: 'primary' }),
    button('Account by hand', () => createByHand(portals)),
  );

const strangersOf = (strangers) =>
  strangers.length === 0
    ? []
    : [
        el('h2', { style: 'margin-top: 24px' }, 'Accounts of nobody in the company'),
        table(
          ['Who', 'Portal', 'State', 'Type'],
          strangers.map((account) => [
            el('div', {}, nameOf(account), el('div', { class: 'quiet' }, account.email ?? account.username ?? '')),
            account.portal,
            accountCell(account).slice(0, 1),
            account.userType,
          ]),
          'none',
        ),
      ];

/** People and their accounts side by side. */
export const drawPeople = async () => {
  const query = new URLSearchParams({ q: view.query, offset: view.offset, limit: PAGE });
  const data = await call('GET', `/overview?${query}`);
  const portals = data.portals.map(({ portal }) => portal);
  const rows = data.people.map((row) => [
    personCell(row),
    jobCell(row),
    statusCell(row),
    ...portals.map((portal) => portalCell(row, portal)),
  ]);
  return {
    data,
    draw: (redraw) => [
      bar(data.portals, redraw),
      table(['Employee', 'Job', 'Status', ...portals], rows, 'Nobody here. Hire somebody.'),
      pager(data.total, redraw),
      ...strangersOf(data.strangers),
    ],
  };
};
