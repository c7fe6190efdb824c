/**
 * Whose a mounted secret is: the tenant's that it is named after, `<tenant>` or `<tenant>-…`; where two tenants' names
 * begin it, the longer one's. Whoever may say where a key is sent must not say whose key.
 * @param others tenants that there are besides.
 */
export const isOwnSecret = (tenant: string, secretRef: string, others: Iterable<string> = []): boolean => {
  const isNamedAfter = (name: string) => secretRef === name || secretRef.startsWith(`${name}-`);
  return isNamedAfter(tenant) && ![...others].some((other) => other.length > tenant.length && isNamedAfter(other));
};
