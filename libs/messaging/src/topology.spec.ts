import { renderNatsUsers } from './nats-users.js';
import { describeTopology } from './topology.js';

it('has one durable for each service and pool', () => {
  const { consumers } = describeTopology({ pools: ['shared', 'big', 'shared'] });
  expect(consumers.map(({ stream, durable, config }) => [stream, durable, config.filter_subject])).toEqual([
    ['PORTICO_REALMS', 'bamboohr-ingestion', 'portico.v1.realm.>'],
    ['PORTICO_REALMS', 'learnupon-provisioning', 'portico.v1.realm.>'],
    ['PORTICO_EMPLOYEES', 'realm-policy-shared', 'portico.v1.employee.shared.>'],
    ['PORTICO_EMPLOYEES', 'realm-policy-big', 'portico.v1.employee.big.>'],
    ['PORTICO_ACCESS', 'learnupon-provisioning-shared', 'portico.v1.access.shared.>'],
    ['PORTICO_ACCESS', 'learnupon-provisioning-big', 'portico.v1.access.big.>'],
  ]);
});

it('bounds what is in hand and waits without end for a settling', () => {
  for (const { config } of describeTopology({ pools: ['shared'] }).consumers) {
    expect(config).toMatchObject({ ack_policy: 'explicit', max_ack_pending: 2_000, ack_wait: 5e9, max_deliver: -1 });
  }
});

it('refuses a pool whose name would widen a subject', () => {
  expect(() => describeTopology({ pools: ['>'] })).toThrow(RangeError);
});

it('refuses an outside consumer with the name of a service', () => {
  const outsideConsumers = [{ name: 'realm-policy', tenant: 'acme', kind: 'learner' }] as const;
  expect(() => describeTopology({ pools: ['shared'], outsideConsumers })).toThrow(
    'the name realm-policy is taken: give the outside consumer another one',
  );
});

it('wants a password for each user', () => {
  expect(() => renderNatsUsers(describeTopology({ pools: ['shared'] }), { 'bamboohr-ingestion': 'x' })).toThrow(
    'no password for the NATS user realm-policy',
  );
});
