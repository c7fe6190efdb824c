import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** Splits a NATS byte stream into whole frames: a line, and for messages the payload that it announces. */
class Frames {
  private rest = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    for (let length = this.nextLength(); length > 0; length = this.nextLength()) {
      frames.push(this.rest.subarray(0, length));
      this.rest = this.rest.subarray(length);
    }
    return frames;
  }

  /** 0 while the next frame isn't whole. */
  private nextLength(): number {
    const end = this.rest.indexOf('\r\n');
    if (end < 0) return 0;
    const line = this.rest.toString('latin1', 0, end);
    const payload = /^(MSG|HMSG|PUB|HPUB) .*?(\d+)$/.exec(line)?.[2];
    const length = end + 2 + (payload === undefined ? 0 : Number(payload) + 2);
    return this.rest.length >= length ? length : 0;
  }
}

const lineOf = (frame: Buffer): string => frame.toString('latin1', 0, frame.indexOf('\r\n'));
const isPublish = (frame: Buffer) => /^H?PUB portico\./.test(lineOf(frame));
/** The server's answer to a publish of JetStream. */
const isPubAck = (frame: Buffer) => /^H?MSG _INBOX/.test(lineOf(frame)) && frame.includes('"stream":"PORTICO_');

/** Stands between a client and NATS, and makes trouble on demand. */
export class NatsProxy {
  private readonly sockets = new Set<Socket>();
  private held: Buffer[] = [];
  private server = createServer((client) => this.serve(client));
  private toServer: Socket | undefined;
  private passBeforeHolding = Number.POSITIVE_INFINITY;
  /** While set, acknowledgements of publishes vanish. */
  dropAcks = false;
  droppedAcks = 0;
  /** While set, requests for messages vanish on their way to the server. */
  dropPulls = false;
  droppedPulls = 0;
  seenPublishes = 0;

  private constructor(private readonly target: URL) {}

  static async start(natsUrl: string): Promise<NatsProxy> {
    const proxy = new NatsProxy(new URL(natsUrl.includes('://') ? natsUrl : `nats://${natsUrl}`));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get heldFrames(): number {
    return this.held.length;
  }

  /** Lets so many more publishes through and holds all that the client sends after them. */
  stallAfter(publishes: number): void {
    this.passBeforeHolding = publishes;
  }

  release(): void {
    this.passBeforeHolding = Number.POSITIVE_INFINITY;
    for (const frame of this.held.splice(0)) this.toServer?.write(frame);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    this.toServer = server;
    const [fromClient, fromServer] = [new Frames(), new Frames()];
    client.on('data', (chunk: Buffer) => fromClient.push(chunk).forEach((frame) => this.forward(server, frame)));
    server.on('data', (chunk: Buffer) => fromServer.push(chunk).forEach((frame) => this.backward(client, frame)));
    this.tie(client, server);
    this.tie(server, client);
  }

  private tie(one: Socket, other: Socket): void {
    this.sockets.add(one);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }

  private forward(server: Socket, frame: Buffer): void {
    if (this.dropPulls && lineOf(frame).includes('.MSG.NEXT.')) {
      this.droppedPulls += 1;
      return;
    }
    if (isPublish(frame)) {
      this.seenPublishes += 1;
      this.passBeforeHolding -= 1;
    }
    if (this.held.length > 0 || this.passBeforeHolding < 0) this.held.push(frame);
    else server.write(frame);
  }

  private backward(client: Socket, frame: Buffer): void {
    if (this.dropAcks && isPubAck(frame)) this.droppedAcks += 1;
    else client.write(frame);
  }
}
