import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database for each service with a role of its own, which may enter no other. Returns their URLs by service. */
export const createDatabases = async (
  adminUrl: string,
  services: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const urls: Record<string, string> = {};
    for (const service of services) {
      const name = service.replaceAll('-', '_');
      const password = randomBytes(18).toString('base64url');
      await admin.query(`create role ${name} login password '${password}'`);
      await admin.query(`create database ${name} owner ${name}`);
      await admin.query(`revoke connect on database ${name} from public`);
      const url = new URL(adminUrl);
      Object.assign(url, { username: name, password, pathname: `/${name}` });
      urls[service] = url.href;
    }
    return urls;
  } finally {
    await admin.end();
  }
};
