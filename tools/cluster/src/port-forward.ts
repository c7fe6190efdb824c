import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Namespace } from './namespace.js';
import { until } from './run.js';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** An address on this machine for a Service; it comes back by itself when the pod behind it is replaced. */
export class PortForward {
  private child: ChildProcess | undefined;
  private isOpen = true;

  private constructor(
    private readonly namespace: Namespace,
    private readonly service: string,
    private readonly servicePort: number,
    private readonly port: number,
  ) {}

  static async open(namespace: Namespace, service: string, servicePort: number): Promise<PortForward> {
    const forward = new PortForward(namespace, service, servicePort, await freePort());
    void forward.keep();
    await until(`service ${service} to be reached`, 60_000, () =>
      fetch(forward.url, { signal: AbortSignal.timeout(5_000) }).then(() => true),
    );
    return forward;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  close(): void {
    this.isOpen = false;
    this.child?.kill();
  }

  private async keep(): Promise<void> {
    while (this.isOpen) {
      const ports = `${this.port}:${this.servicePort}`;
      this.child = spawn('kubectl', ['-n', this.namespace.name, 'port-forward', `service/${this.service}`, ports], {
        stdio: 'ignore',
      });
      await once(this.child, 'exit');
      if (this.isOpen) await delay(300);
    }
  }
}
