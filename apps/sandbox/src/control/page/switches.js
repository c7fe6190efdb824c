import { act, call } from './api.js';
import { el, table } from './dom.js';

const VENDORS = { bamboohr: 'BambooHR', learnupon: 'LearnUpon' };

const set = (name, value) =>
  act(`${name} is ${JSON.stringify(value)}.`, () => call('POST', '/switches', { [name]: value }));

const control = ({ name, values }, current) => {
  if (values.length === 1)
    return el('input', {
      type: 'number',
      min: 0,
      'aria-label': name,
      value: current,
      style: 'width: 110px',
      onchange: (event) => set(name, Number(event.target.value)),
    });
  const options = values.map((value) =>
    el('option', { value: JSON.stringify(value), selected: value === current }, String(value)),
  );
  return el('select', { 'aria-label': name, onchange: (event) => set(name, JSON.parse(event.target.value)) }, options);
};

/** What the vendors' documents leave open. */
export const drawSwitches = async () => {
  const data = await call('GET', '/switches');
  const rows = data.known.map((each) => [
    el('div', {}, each.name, el('div', { class: 'quiet' }, `${VENDORS[each.vendor]}: ${each.about}`)),
    control(each, data.switches[each.name]),
  ]);
  return { data, draw: () => [table(['What the vendors’ documents leave open', 'Now'], rows, 'No switches.')] };
};
