import type { AuditEntry } from '../world/audit.js';
import { listAnswer } from './pages.js';
import { wanted, type PortalCall, type PortalHandler } from './request.js';
import { moment } from './wire.js';

/** What was done through the API has nobody's name. */
const entryOnWire = ({ realm }: PortalCall): ((entry: AuditEntry) => object) => {
  const admin = realm.topLevel.accounts.find(({ userType }) => userType === 'admin')?.person;
  const name = admin && `${admin.firstName ?? ''} ${admin.lastName ?? ''}`.trim();
  return ({ action, by, user, email, data, at }) => ({
    action,
    initiated_by_user: by === 'hand' ? (name ?? null) : null,
    initiated_by_user_email: by === 'hand' ? (admin?.email ?? null) : null,
    impacted_user: user,
    impacted_user_email: email,
    impacted_data: data,
    date_and_time_utc: moment(at),
  });
};

/** `?date_range=from,to`; a moment that is none limits nothing. */
const rangeIn = ({ query }: PortalCall): [from: number, to: number] => {
  const [from = '', to = ''] = (query.get('date_range') ?? '').split(',');
  return [Date.parse(from) || 0, Date.parse(to) || Number.POSITIVE_INFINITY];
};

const listAuditTrails: PortalHandler = (call) => {
  const action = wanted(call, 'action');
  const [from, to] = rangeIn(call);
  const found = call.portal.audit
    .list()
    .filter((entry) => (action === undefined || entry.action === action) && entry.at >= from && entry.at <= to);
  return listAnswer(call, 'audit_trails', found, entryOnWire(call));
};

export const auditRoutes: Readonly<Record<string, PortalHandler>> = { 'GET /audit-trails': listAuditTrails };
