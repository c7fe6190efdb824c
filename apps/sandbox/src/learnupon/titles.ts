import type { PortalCall } from './request.js';

/** What `?title=` leaves: nobody has said whether it is a part of the title or all of it. */
export const matchesTitle = ({ query, realm }: PortalCall): ((row: { readonly title: string }) => boolean) => {
  const wanted = query.get('title')?.toLowerCase();
  if (wanted === undefined) return () => true;
  return realm.switches.titleFilter === 'exact'
    ? ({ title }) => title.toLowerCase() === wanted
    : ({ title }) => title.toLowerCase().includes(wanted);
};
