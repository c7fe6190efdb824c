import type { ClassConstructor } from 'class-transformer';
import { AccessDecidedV1 } from './access-decided.js';
import { DeadLetterV1 } from './dead-letter.js';
import { EmployeeChangedV1 } from './employee-changed.js';
import { LearnerEventV1 } from './learner-event.js';
import { OperationEventV1 } from './operation-event.js';
import { RealmChangedV1 } from './realm-changed.js';

const cause = { kind: 'read', id: 'read-20260112-1', totals: { joiners: 1, movers: 0, leavers: 0 } } as const;

/** One payload of each kind, as a consumer receives it. */
export const samples: readonly { readonly type: ClassConstructor<object>; readonly sample: object }[] = [
  {
    type: RealmChangedV1,
    sample: {
      tenant: 'acme',
      revision: 1768212000000,
      changedAt: '2026-01-12T10:00:00Z',
      policyVersion: 1,
      active: true,
      pool: 'shared',
      timeZone: 'Europe/Dublin',
      source: {
        company: 'acme',
        baseUrl: 'https://acme.bamboohr.com',
        secretRef: 'acme-bamboohr',
        fields: ['firstName', 'lastName', 'workEmail', 'department'],
        pollSeconds: 60,
        fullReadSeconds: 86400,
      },
      allowUserCreationIfUserAlreadyExists: false,
      portals: [
        {
          portal: 'academy',
          title: 'Acme Academy',
          topLevel: true,
          baseUrl: 'https://acme.learnupon.com',
          secretRef: 'acme-academy',
          identifier: 'email',
          mode: 'on',
        },
      ],
    },
  },
  {
    type: EmployeeChangedV1,
    sample: {
      tenant: 'acme',
      employeeId: '109',
      revision: 1768212000123,
      recordedAt: '2026-01-12T10:00:00.123Z',
      change: 'joiner',
      employment: { state: 'employed', hireDate: '2026-01-12', lastDay: null, evidence: 'hire-date' },
      fields: {
        firstName: 'Ada',
        lastName: 'Moss',
        workEmail: 'ada@acme.example',
        department: 'Sales',
        division: null,
      },
      unconfirmed: [],
      cause: { ...cause, totals: { ...cause.totals, people: 1 } },
      overtook: [{ kind: 'read', id: 'read-20260111-7', totals: { joiners: 0, movers: 2, leavers: 0, people: 2 } }],
    },
  },
  {
    type: AccessDecidedV1,
    sample: {
      tenant: 'acme',
      employeeId: '109',
      revision: 1768212000456,
      decidedAt: '2026-01-12T10:00:00.456Z',
      employeeRevision: 1768212000123,
      policyVersion: 1,
      today: '2026-01-12',
      leaver: false,
      portals: [
        {
          portal: 'academy',
          access: 'granted',
          reason: 'in-audience',
          leaving: 'disable',
          learner: {
            onboarding: 'create',
            whenRefused: 'report',
            identifier: 'email',
            email: 'ada@acme.example',
            username: null,
            firstName: 'Ada',
            lastName: 'Moss',
            language: 'en_gb',
            customData: { Department: 'Sales' },
            timeZone: 'Dublin',
            userType: 'learner',
            signIn: 'sso',
            groups: ['Sales'],
            ownership: { 'customData.Department': 'on-create' },
          },
        },
      ],
      cause,
    },
  },
  {
    type: LearnerEventV1,
    sample: {
      tenant: 'acme',
      portal: 'academy',
      employeeId: '109',
      event: 'created',
      at: '2026-01-12T10:00:01Z',
      accountId: '991',
      cause,
    },
  },
  {
    type: OperationEventV1,
    sample: {
      tenant: 'acme',
      event: 'read.certified',
      at: '2026-01-12T10:00:00Z',
      message: '114 people read, 1 joiner',
      details: { rows: 114, joiners: 1 },
    },
  },
  {
    type: DeadLetterV1,
    sample: {
      stream: 'PORTICO_EMPLOYEES',
      consumer: 'realm-policy-shared',
      subject: 'portico.v1.employee.shared.acme.109',
      sequence: 12,
      deliveries: 1,
      error: 'InvalidContractError: EmployeeChangedV1: revision must be an integer number',
      at: '2026-01-12T10:00:02Z',
      eventId: 'portico.v1.employee.shared.acme.109@1768212000123',
    },
  },
];
