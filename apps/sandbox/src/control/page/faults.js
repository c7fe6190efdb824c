import { act, call } from './api.js';
import { button, choice, el, field, table, valuesOf } from './dom.js';

const KINDS = {
  latency: 'answers late',
  error: 'answers an error',
  'drop-before': 'drops the connection, nothing happened',
  'drop-after': 'drops the connection, it happened',
  throttle: 'answers "too many calls"',
  forbid: 'the key has lost its rights',
  'short-read': 'lists are cut short',
  'empty-read': 'lists are empty',
  'hide-field': 'a field of BambooHR is left out',
};
const NUMBERS = ['rate', 'count', 'ms', 'status', 'keep'];

const specOf = (form) => {
  const { target, kind, ...details } = valuesOf(form);
  const numbers = NUMBERS.filter((key) => key in details).map((key) => [key, Number(details[key])]);
  return { target, kind, ...details, ...Object.fromEntries(numbers) };
};

const form = (targets) =>
  el(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        return act('It goes wrong from now on.', () => call('POST', '/faults', specOf(event.target)));
      },
    },
    el(
      'fieldset',
      {},
      el('legend', {}, 'Something goes wrong'),
      el(
        'div',
        { class: 'fields' },
        choice('Where', 'target', targets),
        el(
          'label',
          {},
          'What',
          el(
            'select',
            { name: 'kind' },
            Object.entries(KINDS).map(([kind, about]) => el('option', { value: kind }, `${kind}: ${about}`)),
          ),
        ),
        field('Share of calls, 0 to 1', 'rate', { type: 'number', min: 0, max: 1, step: 'any', placeholder: '1' }),
        field('Over after so many calls', 'count', { type: 'number', min: 1, placeholder: 'never' }),
        field('Only method', 'method', { placeholder: 'any' }),
        field('Only paths with', 'path', { placeholder: 'any' }),
        field('Latency in ms', 'ms', { type: 'number', min: 0, placeholder: '500' }),
        field('Status', 'status', { type: 'number', min: 400, max: 599 }),
        field('Share of rows that stay', 'keep', { type: 'number', min: 0, max: 1, step: 'any', placeholder: '0.5' }),
        field('Field to hide', 'field', { placeholder: 'an alias' }),
        el('button', { class: 'primary' }, 'Switch on'),
      ),
    ),
  );

const DETAILS = ['rate', 'method', 'path', 'ms', 'status', 'keep', 'field', 'retryAfter'];

export const drawFaults = async () => {
  const [{ faults }, { portals }] = await Promise.all([call('GET', '/faults'), call('GET', '/portals')]);
  const rows = faults.map((fault) => [
    `${fault.kind}`,
    fault.target,
    DETAILS.filter((key) => key in fault)
      .map((key) => `${key} ${fault[key]}`)
      .join(', ') || 'every call',
    fault.left === null ? 'until switched off' : `${fault.left} calls`,
    button('Switch off', () => act('Switched off.', () => call('DELETE', `/faults/${fault.id}`)), {
      'aria-label': `Switch off ${fault.kind} of ${fault.target}`,
    }),
  ]);
  return {
    data: { faults, names: portals.map(({ portal }) => portal) },
    draw: () => [
      form(['*', 'bamboohr', ...portals.map(({ portal }) => portal)]),
      el(
        'div',
        { class: 'bar' },
        el('h2', { class: 'grow', style: 'margin: 0' }, 'What goes wrong now'),
        button('Switch all off', () => act('All is well.', () => call('DELETE', '/faults')), {
          disabled: rows.length === 0,
        }),
      ),
      table(['What', 'Where', 'How', 'How long', ''], rows, 'Nothing goes wrong.'),
    ],
  };
};
