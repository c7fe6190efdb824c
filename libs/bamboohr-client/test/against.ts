import { BambooHrError, createBambooHrClient, type BambooHrClient, type CallRecord } from '../src/index.js';
import { scriptedServer, type ScriptedAnswer, type SeenRequest } from './scripted-server.js';

export const KEY = '0123456789abcdef0123456789abcdef01234567';
export const noRoster = { status: 403 };

export const against = async (
  answer: (request: SeenRequest) => ScriptedAnswer,
  run: (client: BambooHrClient, server: Awaited<ReturnType<typeof scriptedServer>>) => Promise<void>,
  options: { timeoutMs?: number; onCall?: (call: CallRecord) => void } = {},
) => {
  const server = await scriptedServer(answer);
  const client = createBambooHrClient({ company: 'acme', baseUrl: server.url, apiKey: KEY, ...options });
  try {
    await run(client, server);
  } finally {
    await client.close();
    await server.close();
  }
};

export const failed = async (work: Promise<unknown>): Promise<BambooHrError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BambooHrError);
  return error as BambooHrError;
};
