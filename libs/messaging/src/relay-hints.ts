import { Client } from 'pg';
import type { Log } from './log.js';

export const RELAY_CHANNEL = 'portico_relay';
/** To run in the transaction that writes rows; PostgreSQL delivers it when that commits. */
export const NOTIFY_RELAY_SQL = `select pg_notify('${RELAY_CHANNEL}', '')`;

const RETRY_MS = 1_000;

/**
 * Calls `onHint` whenever a transaction that notified has committed. It is only a hint: while the connection is lost
 * the relay polls. The answer stops it.
 */
export const listenForRows = (url: string, onHint: () => void, log: Log): (() => Promise<void>) => {
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;

  const again = (current: Client) => {
    if (client !== current || isStopped) return;
    client = undefined;
    void current.end().catch(() => undefined);
    retry = setTimeout(() => void open(), RETRY_MS).unref();
  };
  const open = async () => {
    const current = new Client({ connectionString: url, application_name: RELAY_CHANNEL, keepAlive: true });
    client = current;
    current.on('error', () => again(current));
    current.on('end', () => again(current));
    current.on('notification', onHint);
    try {
      await current.connect();
      await current.query(`listen ${RELAY_CHANNEL}`);
      onHint();
    } catch (error) {
      log.warn({ reason: (error as { code?: string }).code ?? 'unknown' }, 'no hints for the relay: it polls');
      again(current);
    }
  };

  void open();
  return async () => {
    isStopped = true;
    clearTimeout(retry);
    await client?.end().catch(() => undefined);
  };
};
