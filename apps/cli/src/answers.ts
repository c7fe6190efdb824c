import type {
  CreatedView,
  HeldView,
  HoldPeopleAnswer,
  InviteView,
  PersonView,
  PolicyStatusAnswer,
  ProvisioningStatusAnswer,
  SourceStatusAnswer,
} from '@portico/contracts';

/** Rows of the admin API carry the employee's name where realm-policy said it. */
export interface Named {
  readonly name: string | null;
}
export type Person = PersonView & Named;
export type Invite = InviteView & Named;
export type Created = CreatedView & Named;
export type Held = HeldView & Named;
export type HeldPage = HoldPeopleAnswer & { readonly rows: readonly Held[] };

export interface Me {
  readonly name: string;
  readonly role: string;
  /** A tenant, or `*`. */
  readonly tenant: string;
}

/** `GET /v1/tenants/{tenant}/status`. */
export interface Status {
  readonly tenant: string;
  readonly phase: string;
  readonly settled: boolean;
  readonly waitingFor: readonly string[];
  readonly attention: readonly string[];
  /** Portals that are not done: a person must look first. */
  readonly keptOut: readonly string[];
  readonly unavailable: readonly string[];
  readonly source: SourceStatusAnswer | null;
  readonly policy: PolicyStatusAnswer | null;
  readonly provisioning: ProvisioningStatusAnswer | null;
}
