import { act, call, onDone, say } from './api.js';
import { shortMoment } from './dom.js';
import { drawFaults } from './faults.js';
import { drawMailbox } from './mailbox.js';
import { drawPeople } from './people.js';
import { drawPortals } from './portals.js';
import { drawSwitches } from './switches.js';

const REFRESH_MS = 3_000;

const parts = {
  people: drawPeople,
  mailbox: drawMailbox,
  portals: drawPortals,
  faults: drawFaults,
  switches: drawSwitches,
};
const names = Object.keys(parts);
const tabOf = (name) => document.getElementById(`tab-${name}`);
const panelOf = (name) => document.getElementById(name);

let shown = 'people';
let drawn = '';

/** Where the focus was, among what can have it: a redraw gives it back. */
const focusIn = (panel) => {
  const all = [...panel.querySelectorAll('button, input, select, a')];
  const index = all.indexOf(document.activeElement);
  return () => {
    if (index >= 0) [...panel.querySelectorAll('button, input, select, a')][index]?.focus();
  };
};

/** Whether somebody is in the middle of filling in: then only what they ask for redraws. */
const isBusy = () => {
  const active = document.activeElement;
  return document.getElementById('dialog').open || (panelOf(shown).contains(active) && active.matches('input, select'));
};

const redraw = async () => {
  const name = shown;
  const { data, draw } = await parts[name]();
  const text = JSON.stringify(data);
  if (name !== shown || text === drawn) return;
  drawn = text;
  const refocus = focusIn(panelOf(name));
  panelOf(name).replaceChildren(...draw(redraw));
  refocus();
};

const drawClock = async () => {
  const { now, today, timeZone } = await call('GET', '/clock');
  document.getElementById('now').textContent = `${shortMoment(now)} (${today} in ${timeZone})`;
};

const refresh = async () => {
  await Promise.all([redraw(), drawClock()]);
};

const show = async (name) => {
  shown = names.includes(name) ? name : 'people';
  drawn = '';
  for (const each of names) {
    const isShown = each === shown;
    tabOf(each).setAttribute('aria-selected', String(isShown));
    tabOf(each).tabIndex = isShown ? 0 : -1;
    panelOf(each).hidden = !isShown;
  }
  await refresh();
};

/** With a slash it names no element, and the focus stays where it is. */
const go = (name) => {
  location.hash = `/${name}`;
};

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

for (const name of names) {
  tabOf(name).addEventListener('click', () => go(name));
  tabOf(name).addEventListener('keydown', ({ key }) => {
    if (!(key in STEPS)) return;
    const next = names[(names.indexOf(name) + STEPS[key] + names.length) % names.length];
    tabOf(next).focus();
    go(next);
  });
}

const clock = document.getElementById('clock');
clock.addEventListener('click', ({ target }) => {
  const { advance } = target.dataset;
  if (advance) void act('The clock was moved.', () => call('POST', '/clock', { advance }));
});
clock.addEventListener('submit', (event) => {
  event.preventDefault();
  const moment = new Date(`${document.getElementById('moment').value}Z`);
  void act('The clock was moved.', () => call('POST', '/clock', { now: moment.toISOString() }));
});

const keepFresh = async () => {
  try {
    if (!isBusy() && !document.hidden) await refresh();
  } catch (error) {
    say(`The sandbox does not answer: ${error.message}`, true);
  }
  setTimeout(keepFresh, REFRESH_MS);
};

onDone(refresh);
addEventListener('hashchange', () => void show(location.hash.slice(2)));
await show(location.hash.slice(2));
setTimeout(keepFresh, REFRESH_MS);
