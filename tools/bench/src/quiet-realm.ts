import { writeFileSync } from 'node:fs';
import type { PortalSpec } from '@portico/sandbox';

export const TENANT = 'quiet';
const LABEL = 'Department';

const names = (portals: number): string[] => Array.from({ length: portals }, (_, index) => `portal-${index + 1}`);

export const quietPortals = (portals: number): PortalSpec[] =>
  names(portals).map((portal, index) => ({
    portal,
    title: portal,
    topLevel: index === 0,
    customFields: [{ label: LABEL }],
  }));

/** Everybody in every portal. It is read when it is asked for, and else once a day. */
export const writeQuietRealm = (file: string, portals: number): void => {
  const realm = {
    tenant: TENANT,
    timeZone: 'UTC',
    bamboohr: { company: TENANT, secretRef: `${TENANT}-bamboohr`, pollSeconds: 86_400, fullReadSeconds: 86_400 },
    learnupon: {
      allowUserCreationIfUserAlreadyExists: true,
      language: 'en',
      defaults: { audience: 'true', onboarding: 'create', customData: { [LABEL]: 'department' } },
      portals: names(portals).map((portal, index) => ({
        portal,
        title: portal,
        baseUrl: `https://${portal}.learnupon.com`,
        ...(index === 0 ? { topLevel: true } : {}),
      })),
    },
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(realm));
};
