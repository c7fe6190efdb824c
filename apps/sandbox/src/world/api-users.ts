/** What a user of the API may see and do. Field names are aliases. */
export interface PermissionProfile {
  hiddenFields: ReadonlySet<string>;
  hiddenEmployees: ReadonlySet<number>;
  hiddenTables: ReadonlySet<string>;
  /** `org-chart`: the directory has fewer fields. */
  directory: 'shared' | 'org-chart' | 'off';
  /** OAuth's words for parts of the API, without `.write`: calls of these parts are refused. */
  deniedScopes: ReadonlySet<string>;
  readOnly: boolean;
}

export type ProfileChange = Partial<PermissionProfile>;

/** A login of BambooHR, not an employee, though it may be linked to one; with its API key and its rights. */
export interface ApiUser {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly apiKey: string;
  readonly profile: PermissionProfile;
  /** 0 is nobody. */
  employeeId: number;
  enabled: boolean;
  /** Milliseconds since 1970. */
  lastLogin: number | null;
  /** What changes after so many more calls: rights that are lost in the middle of a read. */
  pending: { callsLeft: number; readonly change: ProfileChange } | undefined;
}

export type NewApiUser = Pick<ApiUser, 'firstName' | 'lastName' | 'email' | 'apiKey'> & {
  readonly employeeId?: number;
};

const everything = (): PermissionProfile => ({
  hiddenFields: new Set(),
  hiddenEmployees: new Set(),
  hiddenTables: new Set(),
  directory: 'shared',
  deniedScopes: new Set(),
  readOnly: false,
});

/** Those who may sign in and whose keys the API takes. The first is the owner of the key that the sandbox prints. */
export class ApiUsers {
  private readonly byId = new Map<number, ApiUser>();
  private readonly byKey = new Map<string, ApiUser>();
  private nextId = 2_370;

  add({ employeeId = 0, ...details }: NewApiUser): ApiUser {
    const user: ApiUser = {
      ...details,
      id: this.nextId,
      employeeId,
      profile: everything(),
      enabled: true,
      lastLogin: null,
      pending: undefined,
    };
    this.nextId += 1;
    this.byId.set(user.id, user);
    this.byKey.set(user.apiKey, user);
    return user;
  }

  all(): readonly ApiUser[] {
    return [...this.byId.values()];
  }

  find(id: number): ApiUser | undefined {
    return this.byId.get(id);
  }

  withKey(apiKey: string): ApiUser | undefined {
    return this.byKey.get(apiKey);
  }
}

/** Counts a call of the user, and takes rights away when their time has come. */
export const countCall = (user: ApiUser, now: number): void => {
  user.lastLogin = now;
  const { pending } = user;
  if (!pending) return;
  if (pending.callsLeft > 0) {
    pending.callsLeft -= 1;
    return;
  }
  Object.assign(user.profile, pending.change);
  user.pending = undefined;
};
