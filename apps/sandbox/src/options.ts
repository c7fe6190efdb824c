import { parseArgs } from 'node:util';
import type { SandboxOptions } from './start-sandbox.js';
import { switchTable } from './world/switches.js';

const switchLines = (): string =>
  switchTable()
    .map(({ name, values }) => `      ${name}: ${values.join(' | ')}`)
    .join('\n');

export const USAGE = `BambooHR and LearnUpon on one port, in memory.

  node apps/sandbox/dist/main.js [options]

  --employees N   people in the BambooHR company                    (250)
  --portals N     portals of the LearnUpon realm                    (4)
  --seed N        the same seed makes the same company              (1)
  --port N        0 takes any free port                             (0)
  --host ADDRESS  where to listen; 0.0.0.0 is all of the machine    (127.0.0.1)
  --https         HTTPS too, on the same port; "ca" is the certificate to trust
  --rate N        calls a minute and portal, or "unlimited"         (300)
  --company NAME  the company's subdomain                           (acme)
  --now MOMENT    where the clock starts, e.g. 2026-11-02T09:00:00Z (now)
  --allow-existing  switches on "Allow user creation if user already exists"
  --switch NAME=VALUE  what the vendors' documents leave open, as often as needed:
${switchLines()}
  --help

Prints one line of JSON with the addresses and keys when it is ready, and serves until it is stopped.`;

/** `name=value`, the value as JSON where it is some: the table of switches checks it. */
const switchOf = (text: string): [string, unknown] => {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=');
  if (rest.length === 0) throw new RangeError(`--switch is NAME=VALUE, not "${text}"`);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
};

const wholeNumber = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
    throw new RangeError(`--${name} is a whole number from ${least}, not "${text}"`);
  return value;
};

const portNumber = (text: string): number => {
  const port = wholeNumber('port', text, 0);
  if (port > 65_535) throw new RangeError(`--port is at most 65535, not "${text}"`);
  return port;
};

/** @throws TypeError or RangeError that names the option. @returns 'help' when that was asked for */
export const parseOptions = (args: readonly string[]): SandboxOptions | 'help' => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      employees: { type: 'string', default: '250' },
      portals: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      https: { type: 'boolean', default: false },
      switch: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string', default: '300' },
      company: { type: 'string', default: 'acme' },
      now: { type: 'string' },
      'allow-existing': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!/^[a-z0-9-]{1,63}$/.test(values.company))
    throw new RangeError(`--company is a bare subdomain, not "${values.company}"`);
  return {
    employees: wholeNumber('employees', values.employees, 0),
    portals: wholeNumber('portals', values.portals, 1),
    seed: wholeNumber('seed', values.seed, 0),
    port: portNumber(values.port),
    host: values.host,
    https: values.https,
    ratePerMinute: values.rate === 'unlimited' ? null : wholeNumber('rate', values.rate, 1),
    company: values.company,
    ...(values.now !== undefined && { now: values.now }),
    switches: {
      allowUserCreationIfUserAlreadyExists: values['allow-existing'],
      ...Object.fromEntries(values.switch.map(switchOf)),
    },
  };
};
