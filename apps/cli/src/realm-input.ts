import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { ApiError } from './api-client.js';
import { Failure, UsageError, type ReportedFault } from './errors.js';
import { formatFaults, readRealmFile, type PlacedFault, type RealmFile } from './realm-file.js';
import type { Session } from './session.js';
import { plain } from './terminal.js';

type SoundFile = Extract<RealmFile, { ok: true }>;

/** A realm file that can be sent. */
export interface RealmInput extends SoundFile {
  readonly tenant: string;
  /** As messages call it. */
  readonly name: string;
  readonly file: string;
  /** The version that it was got from, where it says so. */
  readonly gotVersion: number | undefined;
}

/** The line with which `portico realm get` says what a file was got from. */
const MARKER = /^# portico: (\S+) version (\d+)$/m;
export const markerOf = (tenant: string, version: number): string => `# portico: ${tenant} version ${version}`;

const readInput = async ({ terminal }: Session, file: string): Promise<string> => {
  if (file === '-') return text(terminal.stdin as NodeJS.ReadableStream & AsyncIterable<string>);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} can't be read: give the path of a realm file, or - for standard input`);
  }
};

/** Faults in a realm file, each with its line. */
class FileFaults extends Failure {
  override readonly faults: readonly ReportedFault[];

  constructor(file: string, placed: readonly PlacedFault[]) {
    const lines = formatFaults(file, placed).split('\n').map(plain);
    super(`${counted(placed.length)}; nothing was applied\n${lines.join('\n')}`);
    this.faults = placed.map(({ position, path, message }) => ({ file, ...position, path, message }));
  }
}

const counted = (count: number): string => (count === 1 ? '1 fault' : `${count} faults`);

/** @throws Failure with the lines of all faults of syntax; UsageError for a file of another tenant. */
export const readRealm = async (session: Session, file: string): Promise<RealmInput> => {
  const name = file === '-' ? 'stdin' : file;
  const yaml = await readInput(session, file);
  const realm = readRealmFile(yaml);
  if (!realm.ok) throw new FileFaults(name, realm.faults);
  const tenant = realm.tenant ?? (await tenantBeside(session, name, realm));
  const told = session.options.tenant;
  if (told !== undefined && told !== tenant) {
    throw new UsageError(`${name} is the realm of ${tenant}, and --tenant says ${told}`);
  }
  const [, markedTenant, version] = MARKER.exec(yaml) ?? [];
  return { ...realm, tenant, name, file, gotVersion: markedTenant === tenant ? Number(version) : undefined };
};

const NO_TENANT = { path: 'tenant', message: 'write a name of a-z, 0-9 and -, such as acme' };

/** For a file without the name of one: the service says that fault, and all others with it. */
const tenantBeside = async (session: Session, name: string, { place }: SoundFile): Promise<string> => {
  try {
    return await session.tenant();
  } catch (error) {
    if (error instanceof UsageError) throw new FileFaults(name, [place(NO_TENANT)]);
    throw error;
  }
};

/** Says where in the file each fault is that the service found. */
export const placing = async <T>(realm: RealmInput, answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || error.faults.length === 0) throw error;
    throw new FileFaults(realm.name, error.faults.map(realm.place));
  }
};

/** The file goes on from the version that it made: the next edit of it is none of an old one. */
export const moveMarker = (session: Session, { file, tenant, gotVersion }: RealmInput, version: number): void => {
  if (gotVersion === undefined || gotVersion === version || file === '-') return;
  try {
    writeFileSync(file, readFileSync(file, 'utf8').replace(MARKER, markerOf(tenant, version)));
  } catch {
    session.note(`${basename(file)} can't be written: its line "${markerOf(tenant, gotVersion)}" is old now`);
  }
};
