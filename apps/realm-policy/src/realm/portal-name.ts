import { isPlain } from './shapes.js';

/** What faults call a portal: its name, though that be faulty itself; its index where it has none of its own. */
export const portalName = (portals: unknown, index: number): string => {
  const names = (Array.isArray(portals) ? portals : []).map((one: unknown) =>
    isPlain(one) ? one['portal'] : undefined,
  );
  const name = names[index];
  return typeof name === 'string' && name !== '' && names.filter((other) => other === name).length === 1
    ? name
    : String(index);
};
