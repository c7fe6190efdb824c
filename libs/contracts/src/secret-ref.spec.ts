import { isOwnSecret } from './secret-ref.js';

it.each<[string, string, string[], boolean]>([
  ['acme', 'acme-academy', [], true],
  ['acme', 'acme', ['globex'], true],
  ['acme', 'globex-academy', ['globex'], false],
  ['acme', 'acmecorp-academy', [], false],
  ['acme', 'acme-eu-academy', ['acme-eu'], false],
  ['acme', 'acme-eu', ['acme-eu'], false],
  ['acme', 'acme-europe', ['acme-eu'], true],
  ['acme-eu', 'acme-eu-academy', ['acme'], true],
  ['acme-eu', 'acme-academy', ['acme'], false],
])('of %s, %s beside %p: %s', (tenant, secretRef, others, isOwn) => {
  expect(isOwnSecret(tenant, secretRef, others)).toBe(isOwn);
});
