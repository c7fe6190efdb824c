import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Tls } from './authority.js';

export interface Listener {
  /** @returns the port. @throws Error with code EADDRINUSE for a port that is taken */
  listen(port: number, host: string): Promise<number>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Longer than any client keeps a connection, so that none is closed under a request on its way. */
const KEEP_ALIVE_MS = 75_000;

/** The first byte of a TLS handshake. */
const HANDSHAKE = 0x16;

const listenerOf = (server: Server, hangUp: () => void): Listener => ({
  listen: async (port, host) => {
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
  close: async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    hangUp();
    await closed;
  },
});

const plainListener = (answer: RequestListener): Listener => {
  const server = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, answer);
  return listenerOf(server, () => server.closeAllConnections());
};

/** HTTP and HTTPS on one port: the first byte of a connection tells which. */
const dualListener = (answer: RequestListener, { cert, key }: Tls): Listener => {
  const plain = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, answer);
  const secure = createHttpsServer({ keepAliveTimeout: KEEP_ALIVE_MS, cert, key }, answer);
  const sockets = new Set<Socket>();
  const front = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  return listenerOf(front, () => sockets.forEach((socket) => socket.destroy()));
};

export const createListener = (answer: RequestListener, tls?: Tls): Listener =>
  tls ? dualListener(answer, tls) : plainListener(answer);
