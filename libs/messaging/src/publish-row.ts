import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager, type PubAck } from '@nats-io/jetstream';
import { HEADERS } from '@portico/contracts';
import type { AckedPublisher } from './acked-publisher.js';
import { streamHeaders } from './headers.js';
import type { PublishedRow, RelayRow } from './relay-source.js';

/** Of two relays that overtake each other, one wins each round. */
const MAX_ROUNDS = 10;

export interface Publisher {
  readonly acked: AckedPublisher;
  readonly jsm: JetStreamManager;
  readonly stream: string;
}

const send = ({ acked, stream }: Publisher, row: RelayRow, expected: number | undefined): Promise<PubAck> =>
  acked.publish(row.subject, row.body, streamHeaders(row.event, stream, expected));

/** Another message of this subject is the last one, or this one is there already and its acknowledgement was lost. */
const isMismatch = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
    error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);

interface LastMessage {
  readonly revision: number;
  /** 0 when the subject has no message. */
  readonly sequence: number;
}

const readLast = async ({ jsm, stream }: Publisher, subject: string): Promise<LastMessage> => {
  const message = await jsm.direct.getMessage(stream, { last_by_subj: subject });
  if (!message) return { revision: 0, sequence: 0 };
  return { revision: Number(message.header.get(HEADERS.revision)) || 0, sequence: message.seq };
};

/**
 * Publishes a row so that the subject's last message is never older than it was: only on top of the message that this
 * row was to follow; else the subject's last message is read, and the row goes only on top of an older one.
 */
export const publishRow = async (publisher: Publisher, row: RelayRow): Promise<PublishedRow> => {
  if (row.fault) throw row.fault;
  let expected = row.expectedSequence;
  for (let round = 1; ; round += 1) {
    try {
      return { row, sequence: (await send(publisher, row, expected)).seq };
    } catch (error) {
      if (!isMismatch(error) || round === MAX_ROUNDS) throw error;
    }
    const last = await readLast(publisher, row.subject);
    if (last.revision >= (row.event.revision ?? 0)) return { row, sequence: last.sequence };
    expected = last.sequence;
  }
};
