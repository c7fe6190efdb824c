import type { EmployeeChangedV1 } from '@portico/contracts';
import type { RealmDocument } from '../src/realm/realm-document.js';
import { checkDocument } from '../src/realm/check-document.js';

/** realm.yaml as written: three portals, one rule each. */
export const written = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  tenant: 'acme',
  timeZone: 'Europe/Dublin',
  bamboohr: { company: 'acme' },
  learnupon: {
    portals: [
      { ...portal('academy', 'true'), topLevel: true, customData: { Department: 'department' } },
      portal('emea', 'department == "Sales" && location != "Oslo"'),
      portal('legal', 'department == "Legal" || division == "Legal"'),
    ],
  },
  ...changes,
});

export const portal = (name: string, audience: string): Record<string, unknown> => ({
  portal: name,
  title: name,
  baseUrl: `https://${name}.learnupon.com`,
  audience,
  onboarding: 'create',
});

/** The same with other portals than the three. */
export const withPortals = (...portals: readonly Record<string, unknown>[]): Record<string, unknown> =>
  written({ learnupon: { portals } });

export const checked = (value: unknown, pools: readonly string[] = ['shared', 'big']): RealmDocument => {
  const result = checkDocument(value, pools);
  if (result.ok) return result.document;
  throw new Error(result.faults.map(({ path, message }) => `${path} ${message}`).join('\n'));
};

export const noon = '2026-03-02T12:00:00Z';

/** Ada Moss of Sales in Cork, as of some revision. */
export const ada = (changes: Partial<EmployeeChangedV1> = {}): EmployeeChangedV1 => ({
  tenant: 'acme',
  employeeId: '109',
  revision: 1,
  recordedAt: '2026-03-01T08:00:00Z',
  change: 'joiner',
  employment: { state: 'employed', hireDate: '2024-01-08', lastDay: null, evidence: 'hire-date' },
  fields: {
    firstName: 'Ada',
    lastName: 'Moss',
    workEmail: 'ada@acme.example',
    department: 'Sales',
    location: 'Cork',
    division: null,
  },
  unconfirmed: [],
  cause: { kind: 'read', id: 'read-1', totals: { joiners: 1, movers: 0, leavers: 0 } },
  ...changes,
});
