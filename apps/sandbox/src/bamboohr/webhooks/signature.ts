import { createHmac } from 'node:crypto';

/** The header X-BambooHR-Signature: over the raw body and, right behind it, the header X-BambooHR-Timestamp. */
export const signWebhook = (privateKey: string, body: string | Uint8Array, timestamp: string): string =>
  createHmac('sha256', privateKey).update(body).update(timestamp).digest('hex');
