import { NAME_FIELDS, STATUS_FIELD, type PortalPolicy, type RealmPolicy } from './policy.js';

/** The BambooHR fields that rules and mappings use, sorted, and no others. */
export const fieldsUsed = (policy: RealmPolicy): readonly string[] => {
  const used = new Set<string>([NAME_FIELDS.firstName, NAME_FIELDS.lastName]);
  if (policy.names === 'preferred') used.add(NAME_FIELDS.preferredName);
  for (const { field } of [policy.language, policy.timeZone]) if (field !== undefined) used.add(field);
  for (const { fields } of policy.named.values()) for (const field of fields) used.add(field);
  for (const portal of policy.portals) for (const field of fieldsOfPortal(portal)) used.add(field);
  return [...used].sort();
};

const fieldsOfPortal = (portal: PortalPolicy): string[] => [
  ...portal.audience.fields,
  ...portal.email,
  ...(portal.eligible === undefined ? [] : [STATUS_FIELD]),
  ...(portal.username?.fields ?? []),
  ...portal.customData.flatMap(({ field, value }) => [
    ...(field === undefined ? [] : [field]),
    ...(value?.fields ?? []),
  ]),
  ...(portal.groups ?? []).flatMap(({ titleFrom, when }) => [...(titleFrom?.fields ?? []), ...(when?.fields ?? [])]),
  ...(portal.userType ?? []).flatMap(({ when }) => when?.fields ?? []),
];
