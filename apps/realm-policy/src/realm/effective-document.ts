import {
  DEFAULT_GATE,
  resolvePortal,
  type CustomDataSource,
  type Gate,
  type PortalRules,
} from '@portico/access-policy';
import type { LearnUponDocument, PortalDocument, RealmDocument } from './realm-document.js';

/** A portal with the realm's defaults and all short forms filled in. */
export type EffectivePortal = Omit<PortalRules, 'customData'> &
  Pick<PortalDocument, 'title' | 'topLevel' | 'baseUrl' | 'secretRef'> & {
    readonly customData: Readonly<Record<string, string | CustomDataSource>>;
  };

/** A realm with everything filled in: two files that mean the same are the same. */
export type EffectiveDocument = Omit<RealmDocument, 'learnupon' | 'gate'> & {
  readonly gate: Gate;
  readonly learnupon: Omit<LearnUponDocument, 'portals' | 'defaults'> & {
    readonly portals: readonly EffectivePortal[];
  };
};

export const effectiveDocument = ({ learnupon, ...document }: RealmDocument): EffectiveDocument => {
  const { defaults, portals, ...realm } = learnupon;
  // A document of before there was the key is active.
  return {
    ...document,
    active: document.active ?? true,
    gate: gateOf(document),
    learnupon: { ...realm, portals: portals.map((portal) => effectivePortal(portal, defaults)) },
  };
};

export const gateOf = ({ gate }: Pick<RealmDocument, 'gate'>): Gate => ({ ...DEFAULT_GATE, ...gate });

/** Portals where access is ended for everybody. */
export const endedPortals = (document: RealmDocument): readonly string[] =>
  effectiveDocument(document)
    .learnupon.portals.filter(({ ended }) => ended)
    .map(({ portal }) => portal);

export const effectivePortal = (portal: PortalDocument, defaults: LearnUponDocument['defaults']): EffectivePortal => {
  const { title, topLevel, baseUrl, secretRef } = portal;
  const { customData, ...policy } = resolvePortal(portal, defaults);
  return { ...policy, title, topLevel, baseUrl, secretRef, customData: inShort(customData) };
};

/** A field alone is written by its name. */
const inShort = (customData: PortalRules['customData']): EffectivePortal['customData'] =>
  Object.fromEntries(
    Object.entries(customData).map(([label, source]) => {
      const { field, ...more } = source;
      return [label, field !== undefined && Object.keys(more).length === 0 ? field : source];
    }),
  );
